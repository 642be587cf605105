/**
 * The exact Kalman filter of a seasonal ARIMA model, in units of its noise. Means follow the companion form; variances are those of a series
 * without gaps (`ArimaGains`) plus U U', one column of U per missing value that still matters: a missing value is one more unknown number
 * (V. Gomez, A. Maravall, D. Pena, Missing observations in ARIMA models, Journal of Econometrics 88, 1999), and its column is what one standard
 * deviation of it would change in the state. A missing value among the first, which differences need, is wholly unknown: its column is diffuse.
 *
 * Each vector (two means, columns) is a ring of the ARMA states and a ring of the last values. `at` moves; nothing is shifted.
 */
import { ArimaColumns } from "./arima-columns.ts";
import { ArimaGains, responsesOf } from "./arima-gains.ts";
import { type ArimaShape, lostToDifferences } from "./arima-order.ts";

/** What one sample was to the filter. */
export const MISSING = 0;
/** It gave a one-step error. */
export const SCORED = 1;
/** It only says where the series starts: nothing could be expected of it. */
export const ABSORBED = 2;

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

const SMALLEST_PIVOT = 1e-8;

export class ArimaFilter {
  readonly gains: ArimaGains;
  /** Mean of the differenced series. */
  constant = 0;
  /** Samples seen. */
  at = 0;
  /** Of the last sample: what it was, what was expected, its one-step error, the error's variance in units of the noise. */
  outcome = MISSING;
  expected = 0;
  error = 0;
  variance = 1;
  /** How much a constant greater by 1 would lower the error; kept where `withConstant`. */
  errorOfConstant = 0;
  /** Of an absorbed sample: its weight in the likelihood. */
  logPivot = 0;
  /** The state, then what a constant greater by 1 would change in it. */
  readonly means: Float64Array;
  readonly columns: ArimaColumns;
  readonly diffuse: ArimaColumns;
  readonly shape: ArimaShape;
  readonly withConstant: boolean;
  readonly #lost: number;
  readonly #stateMask: number;
  readonly #valueMask: number;
  readonly #values: number;
  readonly #stride: number;

  constructor(shape: ArimaShape, withConstant: boolean) {
    this.shape = shape;
    this.withConstant = withConstant;
    this.gains = new ArimaGains(shape);
    this.#lost = lostToDifferences(shape.order);
    this.#values = powerOfTwo(shape.states);
    this.#stateMask = this.#values - 1;
    const kept = this.#lost === 0 ? 0 : powerOfTwo(this.#lost);
    this.#valueMask = kept - 1;
    this.#stride = this.#values + kept;
    this.means = new Float64Array(2 * this.#stride);
    this.columns = new ArimaColumns(this.#stride, shape.states + this.#lost);
    this.diffuse = new ArimaColumns(this.#stride, shape.states + this.#lost);
  }

  /** Forgets all samples. The coefficients in `gains` are set before. */
  start(conditional = false): void {
    this.gains.start(conditional);
    this.at = 0;
    this.means.fill(0);
    this.columns.clear();
    this.diffuse.clear();
  }

  /** One sample, NaN where it is missing. */
  step(value: number): void {
    if (this.at < this.#lost) this.#begin(value);
    else this.#filter(value);
    this.at++;
  }

  /** Whether the next samples need no variances: steps are then the plain recursions of the model. */
  get plain(): boolean {
    return this.gains.settled && this.columns.count === 0 && this.diffuse.count === 0 && this.at >= this.#lost;
  }

  /**
   * The same as `step` for samples `from` to `to` of `values`, while `plain`; `differenced` are the same samples less what their differences expect.
   * Adds to `sums`, writes one-step errors to `errors` where there is room, and returns where it stopped: at a missing sample, or at `to`.
   */
  run(values: Float64Array, differenced: Float64Array, from: number, to: number, sums: ArimaSums, errors: Float64Array): number {
    const { lags } = this.shape;
    const { phi, theta } = this.gains;
    const { means, constant, withConstant } = this;
    const [mask, stride, keep] = [this.#stateMask, withConstant ? this.#stride : 0, errors.length > 0];
    let [squares, cross, ones] = [0, 0, 0];
    let at = this.at;
    let time = from;
    for (; time < to; time++, at++) {
      const sample = (differenced[time] as number) - constant;
      if (Number.isNaN(sample)) break;
      const slot = at & mask;
      const error = sample - (means[slot] as number);
      const ofConstant = withConstant ? 1 + (means[stride + slot] as number) : 0;
      means[slot] = 0;
      if (withConstant) means[stride + slot] = 0;
      squares += error * error;
      cross += error * ofConstant;
      ones += ofConstant * ofConstant;
      if (keep) errors[time] = error;
      for (let index = 0; index < lags.length; index++) {
        const lag = lags[index] as number;
        const target = (at + lag) & mask;
        const [auto, moving] = [phi[lag - 1] as number, theta[lag - 1] as number];
        means[target] = (means[target] as number) + auto * sample + moving * error;
        if (withConstant) means[stride + target] = (means[stride + target] as number) - auto - moving * ofConstant;
      }
    }
    for (let back = Math.min(this.#lost, time - from); back > 0; back--) {
      means[this.#values + ((at - back) & this.#valueMask)] = values[time - back] as number;
      if (withConstant) means[stride + this.#values + ((at - back) & this.#valueMask)] = 0;
    }
    this.at = at;
    sums.squares += squares;
    sums.cross += cross;
    sums.ones += ones;
    sums.scored += time - from;
    return time;
  }

  /**
   * Means and variances (in units of the noise) of the next samples, none of which is seen: a step each, so this filter is a copy that is thrown away.
   * False where the samples so far do not say where the differences start from.
   */
  project(means: Float64Array, variances: Float64Array): boolean {
    const { gains, diffuse } = this;
    const responses = gains.settled ? this.#responses(means.length) : undefined;
    let grown = 0;
    for (let step = 0; step < means.length; step++, this.at++) {
      if (this.at < this.#lost || (diffuse.count > 0 && this.#pivot() >= 0)) return false;
      const expected = this.constant + this.#expect(this.means, 0);
      if (step > 0) grown += (responses?.[step] ?? 0) ** 2;
      means[step] = expected;
      variances[step] = gains.variance + this.#reach() + grown;
      this.#skip(expected, 0, -1, responses === undefined);
      if (!gains.settled) gains.advance();
    }
    return true;
  }

  /** What noise of 1 adds to the sample of its time and to each later one. */
  #responses(count: number): Float64Array {
    const { lags, differenceLags, difference } = this.shape;
    const responses = responsesOf(this.gains.phi, this.gains.theta, lags, count);
    for (let time = 0; time < count; time++)
      for (let index = 0; index < differenceLags.length; index++) {
        const lag = differenceLags[index] as number;
        if (lag <= time) responses[time] = (responses[time] as number) + (difference[index] as number) * (responses[time - lag] as number);
      }
    return responses;
  }

  /** Everything that later samples depend on, in an order that `restore` knows. */
  state(): Float64Array[] {
    const { gains, columns, diffuse } = this;
    const numbers = [this.constant, this.at, gains.variance, gains.weight, gains.settled ? 1 : 0];
    return [Float64Array.from(numbers), gains.phi, gains.theta, gains.gain, gains.change, this.means, columns.state(), diffuse.state()];
  }

  /** Takes over what `state` of a filter of the same shape gave, one field after the other. */
  restore(next: () => Float64Array): void {
    const { gains } = this;
    const [constant, at, variance, weight, settled] = next() as unknown as readonly [number, number, number, number, number];
    for (const field of [gains.phi, gains.theta, gains.gain, gains.change, this.means]) field.set(next());
    this.columns.restore(next());
    this.diffuse.restore(next());
    this.constant = constant;
    this.at = at;
    gains.variance = variance;
    gains.weight = weight;
    gains.settled = settled === 1;
  }

  /** The first values are where the differences start from. */
  #begin(value: number): void {
    const slot = this.#values + (this.at & this.#valueMask);
    this.outcome = Number.isNaN(value) ? MISSING : ABSORBED;
    this.logPivot = 0;
    this.means[slot] = Number.isNaN(value) ? 0 : value;
    if (!Number.isNaN(value)) return;
    const added = this.diffuse.add();
    this.diffuse.values[added + slot] = 1;
  }

  #filter(value: number): void {
    const { gains, means, columns, diffuse } = this;
    const stride = this.#stride;
    const ofData = this.constant + this.#expect(means, 0);
    const ofConstant = this.withConstant ? 1 + this.#expect(means, stride) : 0;
    this.expected = ofData;
    this.variance = gains.variance + this.#reach();
    this.error = value - ofData;
    this.errorOfConstant = ofConstant;
    const pivot = diffuse.count === 0 ? -1 : this.#pivot();
    if (Number.isNaN(value) || pivot >= 0) this.#skip(ofData, ofConstant, pivot, true);
    else {
      this.outcome = SCORED;
      this.#move(means, 0, this.error, value);
      if (this.withConstant) this.#move(means, stride, -ofConstant, 0);
      if (columns.count > 0) this.#correct();
    }
    if (!gains.settled) gains.advance();
  }

  /** What each column lets expect of the next sample; the sum of the squares is their part of its variance. */
  #reach(): number {
    const { columns } = this;
    let spread = 0;
    for (let column = 0; column < columns.count; column++) {
      const reach = this.#expect(columns.values, column * this.#stride);
      columns.reach[column] = reach;
      spread += reach * reach;
    }
    return spread;
  }

  /** A sample that is missing, or that is used up by what is wholly unknown. */
  #skip(ofData: number, ofConstant: number, pivot: number, withColumn: boolean): void {
    const { gains, means, columns, diffuse, error } = this;
    const stride = this.#stride;
    this.outcome = MISSING;
    this.#move(means, 0, 0, ofData);
    if (this.withConstant) this.#move(means, stride, 0, ofConstant);
    for (let column = 0; column < columns.count; column++) this.#move(columns.values, column * stride, 0, columns.reach[column] as number);
    if (withColumn) {
      const deviation = Math.sqrt(gains.variance);
      const added = columns.add();
      columns.reach[columns.count - 1] = deviation;
      this.#move(columns.values, added, deviation, deviation);
    }
    for (let column = 0; column < diffuse.count; column++) this.#move(diffuse.values, column * stride, 0, diffuse.reach[column] as number);
    if (pivot < 0) {
      columns.tidy();
      return;
    }
    this.outcome = ABSORBED;
    this.logPivot = Math.log(Math.abs(diffuse.reach[pivot] as number));
    diffuse.eliminate(pivot, diffuse);
    diffuse.eliminate(pivot, columns);
    diffuse.addTo(pivot, means, 0, error);
    if (this.withConstant) diffuse.addTo(pivot, means, stride, -ofConstant);
    diffuse.remove(pivot);
    columns.tidy();
  }

  /** The diffuse column that this sample says most about; -1 where it says nothing about any. */
  #pivot(): number {
    const { diffuse } = this;
    let best = -1;
    let most = SMALLEST_PIVOT;
    for (let column = 0; column < diffuse.count; column++) {
      const reach = this.#expect(diffuse.values, column * this.#stride);
      diffuse.reach[column] = reach;
      if (Math.abs(reach) <= most) continue;
      most = Math.abs(reach);
      best = column;
    }
    return best;
  }

  /** What the sample says about the missing values before it. */
  #correct(): void {
    const { gains, means, columns, variance } = this;
    const stride = this.#stride;
    for (let column = 0; column < columns.count; column++) this.#move(columns.values, column * stride, -(columns.reach[column] as number), 0);
    const direction = columns.combine();
    addScaled(means, 0, direction, this.error / variance, stride);
    if (this.withConstant) addScaled(means, stride, direction, -this.errorOfConstant / variance, stride);
    columns.shrink(1 / (variance + Math.sqrt(gains.variance * variance)));
    columns.tidy();
  }

  /** What the vector at `base` lets expect of the next sample. */
  #expect(vectors: Float64Array, base: number): number {
    const { differenceLags, difference } = this.shape;
    let sum = vectors[base + (this.at & this.#stateMask)] as number;
    const values = base + this.#values;
    for (let index = 0; index < differenceLags.length; index++)
      sum += (difference[index] as number) * (vectors[values + ((this.at - (differenceLags[index] as number)) & this.#valueMask)] as number);
    return sum;
  }

  /** Moves the vector at `base` on by one sample that was `error` off its expectation; `value` joins the last values. */
  #move(vectors: Float64Array, base: number, error: number, value: number): void {
    const { gains, at } = this;
    const { lags } = this.shape;
    const mask = this.#stateMask;
    const { phi, theta } = gains;
    const slot = base + (at & mask);
    const first = vectors[slot] as number;
    vectors[slot] = 0;
    const moved = gains.settled ? first + error : first;
    for (let index = 0; index < lags.length; index++) {
      const lag = lags[index] as number;
      const target = base + ((at + lag) & mask);
      vectors[target] = (vectors[target] as number) + (phi[lag - 1] as number) * moved + (gains.settled ? (theta[lag - 1] as number) * error : 0);
    }
    if (!gains.settled && error !== 0) {
      const { gain } = gains;
      const scale = error / gains.variance;
      for (let state = 0; state < gain.length; state++) {
        const target = base + ((at + 1 + state) & mask);
        vectors[target] = (vectors[target] as number) + (gain[state] as number) * scale;
      }
    }
    if (this.#lost > 0) vectors[base + this.#values + (at & this.#valueMask)] = value;
  }
}

export function powerOfTwo(atLeast: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(atLeast, 1)));
}

export function addScaled(target: Float64Array, base: number, direction: Float64Array, scale: number, length: number): void {
  for (let index = 0; index < length; index++) target[base + index] = (target[base + index] as number) + (direction[index] as number) * scale;
}
