/** Seasonal ARIMA: fitted once by exact maximum likelihood, then told each new sample, asked for what comes next. */
import { InputError } from "../input-error.ts";
import { normalQuantile } from "../normal.ts";
import { readSnapshot, writeSnapshot } from "../snapshot.ts";
import { ArimaFilter, SCORED } from "./arima-filter.ts";
import { estimate } from "./arima-fit.ts";
import { differencesOf, noSums, passOver } from "./arima-likelihood.ts";
import { type ArimaCoefficients, type ArimaOrder, type ArimaParams, arimaOrder, multiplyOut, nameOfOrder, shapeOf } from "./arima-order.ts";
import { type ArimaQuality, qualityOf } from "./arima-quality.ts";
import { checkValue, type ScaledSeries, scaledSeries } from "./arima-series.ts";
import { toPartials } from "./arima-transform.ts";
import type { Forecast } from "./forecast.ts";

/** A standardised error beyond this is given as this: it could say no more, and stays a number where the noise has variance 0. */
export const MOST_STANDARDISED = 1e6;
const NONE = new Float64Array(0);
const VERSION = 1;
const KIND = "seasonal ARIMA model";
/** Standard deviation that stands for none, relative to the largest value: changes that can be seen at all are then many of it. */
const RESOLUTION = 1e-9;

/** Everything that a model is but its past. */
export interface ArimaValues extends ArimaCoefficients {
  /** Mean of the differenced series; 0 where the order has none. */
  readonly constant: number;
  /** Variance of the noise, in the squared unit of the series. 0 for a series whose differences are all alike: its forecasts have no width. */
  readonly variance: number;
}

/** Made by `fitArima`, `arimaFrom` or `restoreArima`. */
export class Arima {
  readonly order: ArimaOrder;
  readonly values: ArimaValues;
  readonly quality: ArimaQuality;
  /** One-step errors of the series that it was made from, in its unit; 0 where a sample was missing or nothing could be expected of it. Empty once restored. */
  readonly errors: Float64Array;
  /** The same over their standard deviations, as `append` gives them. */
  readonly standardised: Float64Array;
  readonly #filter: ArimaFilter;
  readonly #deviation: number;
  readonly #largest: number;

  /** Use `fitArima`, `arimaFrom` or `restoreArima`. */
  constructor(filter: ArimaFilter, values: ArimaValues, quality: ArimaQuality, largest: number, errors: Float64Array, standardised: Float64Array) {
    this.order = filter.shape.order;
    this.values = values;
    this.quality = quality;
    this.errors = errors;
    this.standardised = standardised;
    this.#filter = filter;
    this.#largest = largest;
    this.#deviation = deviationOf(values, largest);
  }

  /** As people write it. */
  get name(): string {
    return nameOfOrder(this.order);
  }

  /** What was expected of the last sample, and with what standard deviation. */
  get expected(): number {
    return this.#filter.expected;
  }

  get deviation(): number {
    return Math.sqrt(this.values.variance * this.#filter.variance);
  }

  /**
   * The next sample, NaN where it is missing; coefficients stay as they are. Returns its one-step error in standard deviations (at most 1e6, standard normal
   * where the model is right): how far it is from what was expected of it. 0 where it is missing or nothing could be expected. Throws InputError for infinities.
   */
  append(value: number): number {
    const filter = this.#filter;
    checkValue(value, filter.at);
    filter.step(value);
    return filter.outcome === SCORED ? standardisedError(filter.error, this.#deviation * Math.sqrt(filter.variance)) : 0;
  }

  /** The next `steps` samples; each lies within its interval with probability `level` (0.95 unless told), coefficients taken as known. */
  forecast(steps: number, level = 0.95): Forecast {
    if (!Number.isInteger(steps) || steps < 1 || steps > 1e6) throw new InputError(`steps is ${steps}: give a whole number from 1 to 1,000,000`);
    if (!(level > 0 && level < 1)) throw new InputError(`level is ${level}: give a probability between 0 and 1, like 0.95`);
    const mean = new Float64Array(steps);
    const variances = new Float64Array(steps);
    if (!copyOf(this.#filter).project(mean, variances))
      throw new InputError(`too few samples for a forecast: ${this.name} does not know where its differences start from; append more`);
    const width = normalQuantile((1 + level) / 2) * Math.sqrt(this.values.variance);
    const half = variances.map((variance) => width * Math.sqrt(variance));
    return { mean, lower: mean.map((each, step) => each - (half[step] as number)), upper: mean.map((each, step) => each + (half[step] as number)), level };
  }

  /** All state but the errors of the fit, as bytes for `restoreArima`. */
  snapshot(): Uint8Array {
    const { p, d, q, P, D, Q, m, constant } = this.order;
    const { ar, ma, seasonalAr, seasonalMa, variance } = this.values;
    const { logLikelihood, aic, aicc, bic, scored, converged } = this.quality;
    return writeSnapshot(KIND, VERSION, [
      Float64Array.of(p, d, q, P, D, Q, m, constant ? 1 : 0),
      ...[ar, ma, seasonalAr, seasonalMa],
      Float64Array.of(this.values.constant, variance, this.#largest, logLikelihood, aic, aicc, bic, scored, converged ? 1 : 0),
      ...this.#filter.state(),
    ]);
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

/**
 * Fits the coefficients to a series by exact maximum likelihood; NaN where a sample is missing. A series whose differences (less their mean where there is a
 * constant) are all alike gets coefficients of 0 and variance 0. Throws InputError for infinities, for a series without values, and for one too short for the order.
 */
export function fitArima(series: Float64Array, params: ArimaParams = {}): Arima {
  const order = arimaOrder(params);
  const scaled = scaledSeries(order, series);
  const { scale, centre } = scaled;
  if (scaled.flat) {
    const { p, q, P, Q } = order;
    const none = { ar: new Float64Array(p), ma: new Float64Array(q), seasonalAr: new Float64Array(P), seasonalMa: new Float64Array(Q) };
    return filtered(order, series, scaled, { ...none, constant: order.constant ? scaled.meanDifference : 0, variance: 0 }, true);
  }
  const { coefficients, constant, variance, converged } = estimate(order, scaled.values, false);
  const level = order.constant && order.d + order.D === 0 ? centre : 0;
  return filtered(order, series, scaled, { ...coefficients, constant: constant * scale + level, variance: variance * scale * scale }, converged);
}

/** A model with known values that has seen `series`. Coefficients must be stationary and invertible; throws InputError where they are not. */
export function arimaFrom(values: ArimaValues, series: Float64Array, params: ArimaParams = {}): Arima {
  const order = arimaOrder(params);
  checkValues(order, values);
  series.forEach(checkValue);
  const start = Math.max(
    series.findIndex((value) => !Number.isNaN(value)),
    0,
  );
  const largest = series.reduce((sofar, value) => Math.max(sofar, Number.isNaN(value) ? 0 : Math.abs(value)), 0);
  return filtered(order, series, { start, largest }, values, true);
}

function checkValues(order: ArimaOrder, { constant, variance, ...coefficients }: ArimaValues): void {
  const { ar, ma, seasonalAr, seasonalMa } = coefficients;
  const found = [ar.length, ma.length, seasonalAr.length, seasonalMa.length].join(", ");
  const wanted = [order.p, order.q, order.P, order.Q].join(", ");
  if (found !== wanted) throw new InputError(`${nameOfOrder(order)} has ${wanted} coefficients (ar, ma, seasonalAr, seasonalMa), got ${found}`);
  if (!Number.isFinite(constant) || (constant !== 0 && !order.constant)) throw new InputError(`the constant of ${nameOfOrder(order)} cannot be ${constant}`);
  if (!(variance >= 0 && Number.isFinite(variance))) throw new InputError(`the variance of the noise is ${variance}: give a number from 0`);
  for (const [name, polynomial] of [
    ["ar", ar],
    ["ma", ma.map((each) => -each)],
    ["seasonalAr", seasonalAr],
    ["seasonalMa", seasonalMa.map((each) => -each)],
  ] as const)
    if (toPartials(polynomial) === undefined) throw new InputError(`${name} has a root on or within the unit circle: give a stationary, invertible model`);
}

/** Filters the whole series; one-step errors as they come are those of `append`. */
function filtered(
  order: ArimaOrder,
  series: Float64Array,
  { start, largest }: Pick<ScaledSeries, "start" | "largest">,
  values: ArimaValues,
  converged: boolean,
): Arima {
  const shape = shapeOf(order);
  const filter = new ArimaFilter(shape, false);
  multiplyOut(shape, values, filter.gains.phi, filter.gains.theta);
  filter.constant = values.constant;
  filter.start();
  const errors = new Float64Array(series.length);
  const standardised = new Float64Array(series.length);
  const seen = series.subarray(start);
  const sums = noSums();
  passOver(filter, seen, differencesOf(shape, seen), sums, errors.subarray(start), standardised.subarray(start));
  const deviation = deviationOf(values, largest);
  for (let time = 0; time < errors.length; time++) {
    if (Number.isNaN(errors[time])) errors[time] = 0;
    standardised[time] = errors[time] === 0 ? 0 : standardisedError(errors[time] as number, deviation * Math.sqrt(standardised[time] as number));
  }
  return new Arima(filter, values, qualityOf(order, values.variance, sums, converged), largest, errors, standardised);
}

/** The model that `snapshot` wrote. Throws InputError for damage, another version, or bytes of something else. */
export function restoreArima(bytes: Uint8Array): Arima {
  const reader = readSnapshot(bytes, KIND, VERSION);
  const next = (): Float64Array => reader.float64();
  const [p, d, q, P, D, Q, m, constant] = next() as unknown as readonly [number, number, number, number, number, number, number, number];
  const order = arimaOrder({ order: [p, d, q], seasonal: [P, D, Q, m], constant: constant === 1 });
  const coefficients = { ar: next(), ma: next(), seasonalAr: next(), seasonalMa: next() };
  const [mean, variance, largest, logLikelihood, aic, aicc, bic, scored, converged] = next() as unknown as readonly number[] & { readonly length: 9 };
  const filter = new ArimaFilter(shapeOf(order), false);
  filter.restore(next);
  reader.end();
  const quality = { logLikelihood, aic, aicc, bic, scored, converged: converged === 1 } as ArimaQuality;
  return new Arima(filter, { ...coefficients, constant: mean as number, variance: variance as number }, quality, largest as number, NONE, NONE);
}
