/** The recursions of a model whose filter has settled and misses nothing: nearly all samples of nearly all series, so this is what a fit costs. */
import type { ArimaGains } from "./arima-gains.ts";
import type { ArimaRings } from "./arima-rings.ts";

/** What a likelihood is made of, over the samples so far; squares and products of errors are over their variance. */
export interface ArimaSums {
  squares: number;
  /** Error times error of the constant. */
  cross: number;
  ones: number;
  /** Logarithms of variances and squared pivots. */
  logs: number;
  scored: number;
}

/** Less than this is rounding, of what a constant greater by 1 changes in an expectation. */
const STILL = 1e-15;

export class ArimaPlain {
  readonly #rings: ArimaRings;
  readonly #gains: ArimaGains;
  readonly #means: Float64Array;
  readonly #lags: Int32Array;
  /** Coefficients at the lags; of a lag of 1, which has a register of its own, apart. */
  readonly #auto: Float64Array;
  readonly #moving: Float64Array;
  #autoOne = 0;
  #movingOne = 0;

  /** `means` holds two vectors: the state, and what a constant greater by 1 would change in it. */
  constructor(rings: ArimaRings, gains: ArimaGains, means: Float64Array, lags: Int32Array) {
    this.#rings = rings;
    this.#gains = gains;
    this.#means = means;
    this.#lags = lags.filter((lag) => lag > 1);
    this.#auto = new Float64Array(this.#lags.length);
    this.#moving = new Float64Array(this.#lags.length);
  }

  /** Samples `from` to `to` of the differenced series; returns where it stopped: at a missing one, or at `to`. */
  run(differenced: Float64Array, constant: number, withConstant: boolean, from: number, to: number, sums: ArimaSums, errors: Float64Array): number {
    const { phi, theta } = this.#gains;
    this.#autoOne = phi[0] as number;
    this.#movingOne = theta[0] as number;
    for (let index = 0; index < this.#lags.length; index++) {
      this.#auto[index] = phi[(this.#lags[index] as number) - 1] as number;
      this.#moving[index] = theta[(this.#lags[index] as number) - 1] as number;
    }
    let time = from;
    let ofConstant = 0;
    if (withConstant) {
      const rest = this.#toRest(differenced, from, to, sums, errors);
      time = rest.time;
      ofConstant = rest.ofConstant;
    }
    const began = time;
    time = this.#lean(differenced, constant, ofConstant, time, to, sums, errors);
    if (withConstant && time > began) this.#rings.turn(this.#means, this.#rings.stride, time - began);
    sums.scored += time - from;
    return time;
  }

  /** With the recursion of the constant beside that of the data, until what a constant would change comes to rest. */
  #toRest(differenced: Float64Array, from: number, to: number, sums: ArimaSums, errors: Float64Array): { readonly time: number; readonly ofConstant: number } {
    const { stride, stateMask } = this.#rings;
    const [means, lags, auto, moving] = [this.#means, this.#lags, this.#auto, this.#moving];
    const states = this.#gains.gain.length;
    let { at } = this.#rings;
    let time = from;
    let [ofConstant, still] = [0, 0];
    for (; time < to && still <= states; time++, at++) {
      const sample = differenced[time] as number;
      if (Number.isNaN(sample)) break;
      const slot = at & stateMask;
      const error = sample - (means[slot] as number);
      const before = ofConstant;
      ofConstant = 1 + (means[stride + slot] as number);
      still = Math.abs(ofConstant - before) > STILL ? 0 : still + 1;
      means[slot] = means[stride + slot] = 0;
      sums.squares += error * error;
      sums.cross += error * ofConstant;
      sums.ones += ofConstant * ofConstant;
      if (errors.length > 0) errors[time] = error;
      const next = (at + 1) & stateMask;
      means[next] = (means[next] as number) + this.#autoOne * sample + this.#movingOne * error;
      means[stride + next] = (means[stride + next] as number) - this.#autoOne - this.#movingOne * ofConstant;
      for (let index = 0; index < lags.length; index++) {
        const target = (at + (lags[index] as number)) & stateMask;
        means[target] = (means[target] as number) + (auto[index] as number) * sample + (moving[index] as number) * error;
        means[stride + target] = (means[stride + target] as number) - (auto[index] as number) - (moving[index] as number) * ofConstant;
      }
    }
    this.#rings.at = at;
    return { time, ofConstant };
  }

  #lean(differenced: Float64Array, constant: number, ofConstant: number, from: number, to: number, sums: ArimaSums, errors: Float64Array): number {
    const { stateMask } = this.#rings;
    const [means, lags, auto, moving] = [this.#means, this.#lags, this.#auto, this.#moving];
    const [autoOne, movingOne, keep, count] = [this.#autoOne, this.#movingOne, errors.length > 0, this.#lags.length];
    let { at } = this.#rings;
    let expected = means[at & stateMask] as number;
    let [squares, total] = [0, 0];
    let time = from;
    for (; time < to; time++, at++) {
      const sample = (differenced[time] as number) - constant;
      if (Number.isNaN(sample)) break;
      const error = sample - expected;
      squares += error * error;
      total += error;
      if (keep) errors[time] = error;
      means[at & stateMask] = 0;
      expected = (means[(at + 1) & stateMask] as number) + autoOne * sample + movingOne * error;
      for (let index = 0; index < count; index++) {
        const target = (at + (lags[index] as number)) & stateMask;
        means[target] = (means[target] as number) + (auto[index] as number) * sample + (moving[index] as number) * error;
      }
    }
    means[at & stateMask] = expected;
    this.#rings.at = at;
    sums.squares += squares;
    sums.cross += ofConstant * total;
    sums.ones += ofConstant * ofConstant * (time - from);
    return time;
  }
}
