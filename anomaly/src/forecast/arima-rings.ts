/**
 * State vectors that move without being shifted: the ARMA states of the companion form in one ring, behind them the last values, which differences need, in
 * another. All vectors of a filter turn together, by `at`.
 */
import type { ArimaGains } from "./arima-gains.ts";
import { type ArimaShape, lostToDifferences } from "./arima-order.ts";

export class ArimaRings {
  /** Samples seen. */
  at = 0;
  /** Length of one vector. */
  readonly stride: number;
  /** Index masks: of the states, from 0 on, and of the last values, from `values` on. */
  readonly stateMask: number;
  readonly valueMask: number;
  readonly values: number;
  /** Samples that the differences use up. */
  readonly lost: number;
  readonly #shape: ArimaShape;
  readonly #gains: ArimaGains;

  constructor(shape: ArimaShape, gains: ArimaGains) {
    this.#shape = shape;
    this.#gains = gains;
    this.lost = lostToDifferences(shape.order);
    this.values = powerOfTwo(shape.states);
    this.stateMask = this.values - 1;
    const kept = this.lost === 0 ? 0 : powerOfTwo(this.lost);
    this.valueMask = kept - 1;
    this.stride = this.values + kept;
  }

  /** Where the value of now, or of `back` samples ago, is in a vector. */
  slotOf(back: number): number {
    return this.values + ((this.at - back) & this.valueMask);
  }

  /** What the vector at `base` lets expect of the sample of now. */
  expect(vectors: Float64Array, base: number): number {
    const { differenceLags, difference } = this.#shape;
    let sum = vectors[base + (this.at & this.stateMask)] as number;
    for (let index = 0; index < differenceLags.length; index++)
      sum += (difference[index] as number) * (vectors[base + this.slotOf(differenceLags[index] as number)] as number);
    return sum;
  }

  /** Moves the vector at `base` on by one sample that was `error` off; `value` joins the last values. `at` is moved once all vectors are. */
  move(vectors: Float64Array, base: number, error: number, value: number): void {
    const { lags } = this.#shape;
    const { phi, theta, settled } = this.#gains;
    const { at, stateMask } = this;
    const slot = base + (at & stateMask);
    const first = vectors[slot] as number;
    vectors[slot] = 0;
    const moved = settled ? first + error : first;
    for (let index = 0; index < lags.length; index++) {
      const lag = lags[index] as number;
      const target = base + ((at + lag) & stateMask);
      vectors[target] = (vectors[target] as number) + (phi[lag - 1] as number) * moved + (settled ? (theta[lag - 1] as number) * error : 0);
    }
    if (!settled && error !== 0) this.#gain(vectors, base, error);
    if (this.lost > 0) vectors[base + this.slotOf(0)] = value;
  }

  /** Turns the states of the vector at `base`, which stand still, on to where they are `count` samples later. */
  turn(vectors: Float64Array, base: number, count: number): void {
    const states = vectors.slice(base, base + this.values);
    for (let index = 0; index < this.values; index++) vectors[base + ((index + count) & this.stateMask)] = states[index] as number;
  }

  #gain(vectors: Float64Array, base: number, error: number): void {
    const { gain, variance } = this.#gains;
    const scale = error / variance;
    for (let state = 0; state < gain.length; state++) {
      const target = base + ((this.at + 1 + state) & this.stateMask);
      vectors[target] = (vectors[target] as number) + (gain[state] as number) * scale;
    }
  }
}

function powerOfTwo(atLeast: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(atLeast, 1)));
}
