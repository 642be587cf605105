/** The exact Gaussian likelihood of a series under a seasonal ARIMA model, with the mean and the variance of the noise at their best. */
import { ABSORBED, ArimaFilter, SCORED } from "./arima-filter.ts";
import { type ArimaCoefficients, type ArimaShape, lostToDifferences, multiplyOut } from "./arima-order.ts";
import type { ArimaSums } from "./arima-plain.ts";

export interface Likelihood {
  /** Of the samples that differences do not use up; log of a density in the unit of the series. */
  readonly logLikelihood: number;
  /** Mean of the differenced series; 0 where the order has none. */
  readonly constant: number;
  /** Variance of the noise. */
  readonly variance: number;
  /** Samples with a one-step error. */
  readonly scored: number;
}

export class ArimaLikelihood {
  readonly #filter: ArimaFilter;
  readonly #values: Float64Array;
  readonly #differenced: Float64Array;
  readonly #sums = noSums();

  /** `values` has NaN where a sample is missing. */
  constructor(shape: ArimaShape, values: Float64Array) {
    this.#filter = new ArimaFilter(shape, shape.order.constant);
    this.#values = values;
    this.#differenced = differencesOf(shape, values);
  }

  /** At these coefficients; `conditional` leaves the start of the series out of account, which is faster and good enough to start from. Not likely at all where it is too near a unit root. */
  at(coefficients: ArimaCoefficients, conditional = false): Likelihood {
    const filter = this.#filter;
    multiplyOut(filter.shape, coefficients, filter.gains.phi, filter.gains.theta);
    if (!filter.start(conditional)) return { logLikelihood: Number.NEGATIVE_INFINITY, constant: 0, variance: 1, scored: 1 };
    return likelihoodOf(passOver(filter, this.#values, this.#differenced, this.#sums, NO_ERRORS, NO_ERRORS), filter.withConstant);
  }
}

/** Of series whose differences are of the size of 1: below it there is nothing but rounding. */
const LEAST_VARIANCE = 1e-28;
const NO_ERRORS = new Float64Array(0);

export function noSums(): ArimaSums {
  return { squares: 0, cross: 0, ones: 0, logs: 0, scored: 0 };
}

/** The best mean and variance for these sums, and the likelihood with them. */
function likelihoodOf({ squares, cross, ones, logs, scored }: ArimaSums, withConstant: boolean): Likelihood {
  const constant = withConstant && ones > 0 ? cross / ones : 0;
  const variance = Math.max((squares - constant * cross) / scored, LEAST_VARIANCE);
  return { logLikelihood: -(scored * (Math.log(2 * Math.PI * variance) + 1) + logs) / 2, constant, variance, scored };
}

/** Filters `values` from where `filter` stands; one-step errors go to `errors` and their variances, in units of the noise, to `variances`, where there is room. */
export function passOver(
  filter: ArimaFilter,
  values: Float64Array,
  differenced: Float64Array,
  sums: ArimaSums,
  errors: Float64Array,
  variances: Float64Array,
): ArimaSums {
  sums.squares = sums.cross = sums.ones = sums.logs = sums.scored = 0;
  for (let time = 0; time < values.length; time++) {
    if (filter.plain) {
      const stopped = filter.run(values, differenced, time, values.length, sums, errors);
      if (variances.length > 0) variances.fill(1, time, stopped);
      time = stopped;
      if (time === values.length) break;
    }
    filter.step(values[time] as number);
    const { error, errorOfConstant, variance } = filter;
    if (filter.outcome === SCORED) {
      sums.squares += (error * error) / variance;
      sums.cross += (error * errorOfConstant) / variance;
      sums.ones += (errorOfConstant * errorOfConstant) / variance;
      sums.logs += Math.log(variance);
      sums.scored++;
    } else if (filter.outcome === ABSORBED) sums.logs += 2 * filter.logPivot;
    if (errors.length > 0) errors[time] = filter.outcome === SCORED ? error : Number.NaN;
    if (variances.length > 0) variances[time] = filter.outcome === SCORED ? variance : Number.NaN;
  }
  return sums;
}

/** Each value less what its differences expect; NaN where one of the values that this needs is missing or before the start. */
export function differencesOf(shape: ArimaShape, values: Float64Array): Float64Array {
  const { differenceLags, difference, order } = shape;
  const result = values.slice();
  result.fill(Number.NaN, 0, lostToDifferences(order));
  for (let time = lostToDifferences(order); time < values.length; time++)
    for (let index = 0; index < differenceLags.length; index++)
      result[time] = (result[time] as number) - (difference[index] as number) * (values[time - (differenceLags[index] as number)] as number);
  return result;
}
