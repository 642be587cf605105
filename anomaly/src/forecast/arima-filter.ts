/**
 * The exact Kalman filter of a seasonal ARIMA model, in units of its noise. Gains are those of a series without gaps (`ArimaGains`); a missing value is one
 * more unknown number, which later samples tell about (`ArimaGaps`; V. Gomez, A. Maravall, D. Pena, Missing observations in ARIMA models, Journal of
 * Econometrics 88, 1999). One that is missing among the first, which differences need, is wholly unknown: its column is diffuse, and the first sample that it
 * reaches is used up by it (J. Durbin and S. Koopman, Time Series Analysis by State Space Methods, 2012, chapter 5).
 */
import { ArimaColumns } from "./arima-columns.ts";
import { ArimaGains, responsesOf } from "./arima-gains.ts";
import { ArimaGaps, NEGLIGIBLE } from "./arima-gaps.ts";
import type { ArimaShape } from "./arima-order.ts";
import { ArimaPlain, type ArimaSums } from "./arima-plain.ts";
import { ArimaRings } from "./arima-rings.ts";

/** What one sample was to the filter. */
export const MISSING = 0;
/** It gave a one-step error. */
export const SCORED = 1;
/** It only says where the series starts: nothing could be expected of it. */
export const ABSORBED = 2;

/** Less than this a sample says nothing about what is wholly unknown. */
const SMALLEST_PIVOT = 1e-8;

export class ArimaFilter {
  readonly shape: ArimaShape;
  readonly gains: ArimaGains;
  readonly withConstant: boolean;
  /** Mean of the differenced series. */
  constant = 0;
  /** Of the last sample: what it was, what was expected, its one-step error, the error's variance in units of the noise. */
  outcome = MISSING;
  expected = 0;
  error = 0;
  variance = 1;
  /** How much a constant greater by 1 would lower the error; kept where `withConstant`. */
  errorOfConstant = 0;
  /** Of an absorbed sample: its weight in the likelihood. */
  logPivot = 0;
  /** The state with every missing value where it was expected, then what a constant greater by 1 would change in it. */
  readonly #means: Float64Array;
  readonly #rings: ArimaRings;
  readonly #gaps: ArimaGaps;
  readonly #diffuse: ArimaColumns;
  readonly #plain: ArimaPlain;
  #conditional = false;

  constructor(shape: ArimaShape, withConstant: boolean) {
    this.shape = shape;
    this.withConstant = withConstant;
    this.gains = new ArimaGains(shape);
    this.#rings = new ArimaRings(shape, this.gains);
    const { stride, lost } = this.#rings;
    this.#means = new Float64Array(2 * stride);
    this.#plain = new ArimaPlain(this.#rings, this.gains, this.#means, shape.lags);
    this.#gaps = new ArimaGaps(stride, shape.states + lost);
    this.#diffuse = new ArimaColumns(stride);
  }

  /** Samples seen. */
  get at(): number {
    return this.#rings.at;
  }

  /**
   * Forgets all samples. The coefficients in `gains` are set before. `conditional` takes the gains at their limit, and a missing value for what was expected of
   * it: the conditional sum of squares. False where the model is so near a unit root that rounding would drown it.
   */
  start(conditional = false): boolean {
    const stable = this.gains.start(conditional);
    this.#conditional = conditional;
    this.#rings.at = 0;
    this.#means.fill(0);
    this.#gaps.clear();
    this.#diffuse.count = 0;
    return stable;
  }

  /** One sample, NaN where it is missing. */
  step(value: number): void {
    if (this.at < this.#rings.lost) this.#begin(value);
    else this.#filter(value);
    this.#rings.at++;
  }

  /** Whether the next samples need no variances: steps are then the plain recursions of the model. */
  get plain(): boolean {
    return this.gains.settled && this.#gaps.count === 0 && this.#diffuse.count === 0 && this.at >= this.#rings.lost;
  }

  /**
   * The same as `step` for samples `from` to `to` of `values`, while `plain`; `differenced` are the same samples less what their differences expect.
   * Adds to `sums`, writes one-step errors to `errors` where there is room, and returns where it stopped: at a missing sample, or at `to`.
   */
  run(values: Float64Array, differenced: Float64Array, from: number, to: number, sums: ArimaSums, errors: Float64Array): number {
    const [means, rings] = [this.#means, this.#rings];
    const time = this.#plain.run(differenced, this.constant, this.withConstant, from, to, sums, errors);
    for (let back = Math.min(rings.lost, time - from); back > 0; back--) {
      means[rings.slotOf(back)] = values[time - back] as number;
      if (this.withConstant) means[rings.stride + rings.slotOf(back)] = 0;
    }
    return time;
  }

  /**
   * Means and variances (in units of the noise) of the next samples, none of which is seen: a step each, so this filter is a copy that is thrown away.
   * False where the samples so far do not say where the differences start from.
   */
  project(means: Float64Array, variances: Float64Array): boolean {
    const { gains } = this;
    const [rings, gaps] = [this.#rings, this.#gaps];
    const responses = gains.settled ? this.#responses(means.length) : undefined;
    let grown = 0;
    for (let step = 0; step < means.length; step++, rings.at++) {
      if (this.at < rings.lost || (this.#diffuse.count > 0 && this.#pivot() >= 0)) return false;
      const base = this.constant + rings.expect(this.#means, 0);
      this.#reach();
      if (step > 0) grown += (responses?.[step] ?? 0) ** 2;
      means[step] = base + gaps.expected();
      variances[step] = gains.variance + gaps.spread() + grown;
      this.#skip(base, 0, responses === undefined);
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
    const { gains } = this;
    const numbers = [this.constant, this.at, gains.variance, gains.weight, gains.near, gains.settled ? 1 : 0];
    const gaps = [this.#gaps.columns.state(), this.#gaps.state()];
    return [Float64Array.from(numbers), gains.phi, gains.theta, gains.gain, gains.change, this.#means, ...gaps, this.#diffuse.state()];
  }

  /** Takes over what `state` of a filter of the same shape gave, one field after the other. */
  restore(next: () => Float64Array): void {
    const { gains } = this;
    const [constant, at, variance, weight, near, settled] = next() as unknown as readonly [number, number, number, number, number, number];
    for (const field of [gains.phi, gains.theta, gains.gain, gains.change, this.#means]) field.set(next());
    this.#gaps.restore(next(), next());
    this.#diffuse.restore(next());
    this.constant = constant;
    this.#rings.at = at;
    gains.variance = variance;
    gains.weight = weight;
    gains.near = near;
    gains.settled = settled === 1;
  }

  /** The first values are where the differences start from. */
  #begin(value: number): void {
    const slot = this.#rings.slotOf(0);
    this.outcome = Number.isNaN(value) ? MISSING : ABSORBED;
    this.logPivot = 0;
    this.#means[slot] = Number.isNaN(value) ? 0 : value;
    if (!Number.isNaN(value)) return;
    const added = this.#diffuse.add();
    this.#diffuse.values[added + slot] = 1;
  }

  #filter(value: number): void {
    const { gains, withConstant } = this;
    const [means, rings, gaps] = [this.#means, this.#rings, this.#gaps];
    const { stride } = rings;
    const base = this.constant + rings.expect(means, 0);
    const baseOfConstant = withConstant ? 1 + rings.expect(means, stride) : 0;
    this.expected = base;
    this.errorOfConstant = baseOfConstant;
    this.variance = gains.variance;
    if (gaps.count > 0) {
      this.#reach();
      this.expected += gaps.expected();
      if (withConstant) this.errorOfConstant += gaps.expectedOfConstant();
      this.variance += gaps.spread();
    }
    this.error = value - this.expected;
    const pivot = this.#diffuse.count === 0 ? -1 : this.#pivot();
    if (Number.isNaN(value) || pivot >= 0) {
      this.outcome = MISSING;
      this.#skip(base, baseOfConstant, pivot >= 0 || !this.#conditional);
      if (!Number.isNaN(value)) this.#absorb(value - base, baseOfConstant, pivot);
    } else {
      this.outcome = SCORED;
      rings.move(means, 0, value - base, value);
      if (withConstant) rings.move(means, stride, -baseOfConstant, 0);
      if (gaps.count > 0) this.#learn();
    }
    if (gaps.count > 0) gaps.tidy(means, withConstant ? stride : 0);
    if (!gains.settled) gains.advance();
  }

  /** What each missing value lets expect of the sample of now. */
  #reach(): void {
    const { columns } = this.#gaps;
    for (let column = 0; column < columns.count; column++) {
      const reach = this.#rings.expect(columns.values, column * columns.stride);
      columns.reach[column] = Math.abs(reach) < NEGLIGIBLE ? 0 : reach;
    }
  }

  /** The sample of now tells about the missing ones before it. */
  #learn(): void {
    const { columns } = this.#gaps;
    for (let column = 0; column < columns.count; column++) this.#rings.move(columns.values, column * columns.stride, -(columns.reach[column] as number), 0);
    this.#gaps.learn(this.error, this.errorOfConstant, this.variance);
  }

  /** Moves on by a sample that is not seen: it is taken for what was expected, and how far it was off becomes one more unknown number. */
  #skip(base: number, baseOfConstant: number, withColumn: boolean): void {
    const [means, rings, gaps, diffuse] = [this.#means, this.#rings, this.#gaps, this.#diffuse];
    const { columns } = gaps;
    rings.move(means, 0, 0, base);
    if (this.withConstant) rings.move(means, rings.stride, 0, baseOfConstant);
    for (const some of [columns, diffuse])
      for (let column = 0; column < some.count; column++) rings.move(some.values, column * some.stride, 0, some.reach[column] as number);
    if (!withColumn) return;
    const deviation = Math.sqrt(this.gains.variance);
    const added = gaps.add();
    columns.reach[columns.count - 1] = deviation;
    rings.move(columns.values, added, deviation, deviation);
  }

  /** After a skip: the sample is seen after all, and used up by what is wholly unknown. */
  #absorb(error: number, ofConstant: number, pivot: number): void {
    const [diffuse, means] = [this.#diffuse, this.#means];
    this.outcome = ABSORBED;
    this.logPivot = Math.log(Math.abs(diffuse.reach[pivot] as number));
    diffuse.eliminate(pivot, diffuse);
    diffuse.eliminate(pivot, this.#gaps.columns);
    diffuse.addTo(pivot, means, 0, error);
    if (this.withConstant) diffuse.addTo(pivot, means, diffuse.stride, -ofConstant);
    diffuse.remove(pivot);
  }

  /** The diffuse column that this sample says most about; -1 where it says nothing about any. */
  #pivot(): number {
    const diffuse = this.#diffuse;
    let best = -1;
    let most = SMALLEST_PIVOT;
    for (let column = 0; column < diffuse.count; column++) {
      const reach = this.#rings.expect(diffuse.values, column * diffuse.stride);
      diffuse.reach[column] = reach;
      if (Math.abs(reach) <= most) continue;
      most = Math.abs(reach);
      best = column;
    }
    return best;
  }
}
