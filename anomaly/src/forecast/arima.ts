/** Seasonal ARIMA: fitted by exact maximum likelihood, then told each new sample, asked for what comes next. */
import { InputError } from "../input-error.ts";
import { normalQuantile } from "../normal.ts";
import { readSnapshot, writeSnapshot } from "../snapshot.ts";
import { ArimaFilter, SCORED } from "./arima-filter.ts";
import { estimate } from "./arima-fit.ts";
import { differencesOf, noSums, passOver } from "./arima-likelihood.ts";
import { type ArimaOrder, type ArimaParams, arimaOrder, multiplyOut, nameOfOrder, shapeOf } from "./arima-order.ts";
import { type ArimaQuality, qualityOf } from "./arima-quality.ts";
import { checkValue, largestOf, scaledSeries } from "./arima-series.ts";
import { type ArimaValues, checkValues, noCoefficients } from "./arima-values.ts";
import type { Forecast } from "./forecast.ts";

/** A standardised error beyond this is given as this: it could say no more, and stays a number where the noise has variance 0. */
const MOST_STANDARDISED = 1e6;
const MOST_STEPS = 1_000_000;
const KIND = "seasonal ARIMA model";
const VERSION = 1;
const NONE = new Float64Array(0);
/** Standard deviation that stands for none, relative to the largest value: a change that can be seen at all is then many of it. */
const RESOLUTION = 1e-9;

/** Errors of the series that a model was made from; NaN where a sample is missing, or where nothing could be expected of it yet. */
interface Errors {
  readonly errors: Float64Array;
  readonly standardised: Float64Array;
}

export class Arima {
  readonly order: ArimaOrder;
  readonly values: ArimaValues;
  readonly quality: ArimaQuality;
  /** One-step errors of the series that it was made from, in its unit; NaN where a sample is missing or starts the differences. Empty once restored. */
  readonly errors: Float64Array;
  /** The same in standard deviations, as `update` gives them. */
  readonly standardised: Float64Array;
  readonly #filter: ArimaFilter;
  readonly #deviation: number;
  readonly #largest: number;

  private constructor(filter: ArimaFilter, values: ArimaValues, quality: ArimaQuality, largest: number, { errors, standardised }: Errors) {
    this.order = filter.shape.order;
    this.values = values;
    this.quality = quality;
    this.errors = errors;
    this.standardised = standardised;
    this.#filter = filter;
    this.#largest = largest;
    this.#deviation = deviationOf(values, largest);
  }

  /**
   * Fits the coefficients to a series by exact maximum likelihood; NaN where a sample is missing. A series whose differences (less their mean where there is a
   * constant) are all alike gets coefficients of 0 and a variance of 0. Throws InputError for infinities, for a series without values, and for one that is
   * too short for the order.
   */
  static fit(series: Float64Array, params: ArimaParams = {}): Arima {
    const order = arimaOrder(params);
    const scaled = scaledSeries(order, series);
    const { scale, centre, flat, meanDifference } = scaled;
    if (flat) return Arima.#passed(order, series, { ...noCoefficients(order), constant: order.constant ? meanDifference : 0, variance: 0 }, true);
    const { coefficients, constant, variance, converged } = estimate(order, scaled.values, false);
    const level = order.constant && order.d + order.D === 0 ? centre : 0;
    return Arima.#passed(order, series, { ...coefficients, constant: constant * scale + level, variance: variance * scale * scale }, converged);
  }

  /** A model with known values that has seen `series`, which may be empty. Throws InputError for values that are not stationary and invertible. */
  static from(values: ArimaValues, series: Float64Array, params: ArimaParams = {}): Arima {
    const order = arimaOrder(params);
    checkValues(order, values);
    series.forEach(checkValue);
    return Arima.#passed(order, series, values, true);
  }

  /** Filters the whole series, from its first value on. */
  static #passed(order: ArimaOrder, series: Float64Array, values: ArimaValues, converged: boolean): Arima {
    const shape = shapeOf(order);
    const filter = new ArimaFilter(shape, false);
    multiplyOut(shape, values, filter.gains.phi, filter.gains.theta);
    filter.constant = values.constant;
    if (!filter.start()) throw new InputError(`${nameOfOrder(order)} is too near a unit root with these coefficients: difference the series once more`);
    const start = Math.max(
      series.findIndex((value) => !Number.isNaN(value)),
      0,
    );
    const seen = series.subarray(start);
    const errors = new Float64Array(series.length).fill(Number.NaN);
    const standardised = errors.slice();
    const sums = noSums();
    passOver(filter, seen, differencesOf(shape, seen), sums, errors.subarray(start), standardised.subarray(start));
    const largest = largestOf(seen);
    const deviation = deviationOf(values, largest);
    for (let time = start; time < errors.length; time++)
      standardised[time] = standardisedError(errors[time] as number, deviation * Math.sqrt(standardised[time] as number));
    return new Arima(filter, values, qualityOf(order, values.variance, sums, converged), largest, { errors, standardised });
  }

  /** As people write it. */
  get name(): string {
    return nameOfOrder(this.order);
  }

  /** What was expected of the last sample, and its standard deviation, both before it was seen. */
  get expected(): number {
    return this.#filter.expected;
  }

  get deviation(): number {
    return Math.sqrt(this.values.variance * this.#filter.variance);
  }

  /**
   * The next sample, NaN where it is missing; the coefficients stay as they are. Returns its one-step error in standard deviations: standard normal where the
   * model is right, never beyond 1e6. Undefined where it is missing or nothing could be expected of it. Throws InputError for infinities. Allocates nothing, but
   * after a missing sample. A step costs as much as the model has coefficients, with a missing sample in reach also as many as the season has samples.
   */
  update(value: number): number | undefined {
    const filter = this.#filter;
    checkValue(value, filter.at);
    filter.step(value);
    return filter.outcome === SCORED ? standardisedError(filter.error, this.#deviation * Math.sqrt(filter.variance)) : undefined;
  }

  /** The next `steps` samples; each lies within its interval with probability `level` (0.95 unless told), coefficients taken as known. */
  forecast(steps: number, level = 0.95): Forecast {
    if (!Number.isInteger(steps) || steps < 1 || steps > MOST_STEPS) throw new InputError(`steps is ${steps}: give a whole number from 1 to ${MOST_STEPS}`);
    if (!(level > 0 && level < 1)) throw new InputError(`level is ${level}: give a probability between 0 and 1, like 0.95`);
    const mean = new Float64Array(steps);
    const variances = new Float64Array(steps);
    if (!copyOf(this.#filter).project(mean, variances))
      throw new InputError(`${this.name} does not know yet where its differences start from: update it with more samples before it is asked for a forecast`);
    const width = normalQuantile((1 + level) / 2) * Math.sqrt(this.values.variance);
    const half = variances.map((variance) => width * Math.sqrt(variance));
    return { mean, lower: mean.map((each, step) => each - (half[step] as number)), upper: mean.map((each, step) => each + (half[step] as number)), level };
  }

  /** All state but the errors of the series that it was made from, as bytes: see restore. */
  snapshot(): Uint8Array {
    const { p, d, q, P, D, Q, m, constant } = this.order;
    const { ar, ma, seasonalAr, seasonalMa, variance } = this.values;
    const { logLikelihood, aic, aicc, bic, scored, converged } = this.quality;
    const numbers = [this.values.constant, variance, this.#largest, logLikelihood, aic, aicc, bic, scored, converged ? 1 : 0];
    const order = [p, d, q, P, D, Q, m, constant ? 1 : 0];
    return writeSnapshot(KIND, VERSION, [Float64Array.from(order), ar, ma, seasonalAr, seasonalMa, Float64Array.from(numbers), ...this.#filter.state()]);
  }

  /** Goes on where the snapshot was taken. Throws InputError for damage, another version, or bytes of something else. */
  static restore(bytes: Uint8Array): Arima {
    const reader = readSnapshot(bytes, KIND, VERSION);
    const next = (): Float64Array => reader.float64();
    const [p, d, q, P, D, Q, m, constant] = next() as unknown as readonly [number, number, number, number, number, number, number, number];
    const order = arimaOrder({ order: [p, d, q], seasonal: [P, D, Q, m], constant: constant === 1 });
    const coefficients = { ar: next(), ma: next(), seasonalAr: next(), seasonalMa: next() };
    const [mean, variance, largest, logLikelihood, aic, aicc, bic, scored, converged] = next() as unknown as readonly number[];
    const filter = new ArimaFilter(shapeOf(order), false);
    filter.restore(next);
    reader.end();
    const quality = { logLikelihood, aic, aicc, bic, scored, converged: converged === 1 } as ArimaQuality;
    const values = { ...coefficients, constant: mean as number, variance: variance as number };
    return new Arima(filter, values, quality, largest as number, { errors: NONE, standardised: NONE });
  }
}

function standardisedError(error: number, deviation: number): number {
  return Math.max(-MOST_STANDARDISED, Math.min(MOST_STANDARDISED, error / deviation));
}

function deviationOf({ variance }: ArimaValues, largest: number): number {
  return variance > 0 ? Math.sqrt(variance) : RESOLUTION * (largest || 1);
}

function copyOf(filter: ArimaFilter): ArimaFilter {
  const copy = new ArimaFilter(filter.shape, false);
  const fields = filter.state();
  let index = 0;
  copy.restore(() => fields[index++] as Float64Array);
  return copy;
}
