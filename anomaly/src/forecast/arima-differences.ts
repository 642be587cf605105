/** How often a series has to be differenced before a model without differences may be asked about it. */
import { stl, strengths } from "./stl.ts";

/** The 5 % point of the test of D. Kwiatkowski, P. Phillips, P. Schmidt and Y. Shin (1992) for a level; its table 1. */
const LEVEL_POINT = 0.463;
/** Strength of season from which a seasonal difference predicts better: `forecast::nsdiffs` in R. */
const STRONG = 0.64;
/** Seasons over which one phase of the season is smoothed, at degree 0: those of `forecast::mstl`, with which that strength is measured. */
const SMOOTHED = 11;

/**
 * 0, 1 or 2: differences until the series looks stationary around a level (the KPSS test at 5 %, as R. Hyndman and Y. Khandakar, Automatic time series
 * forecasting, 2008). Missing samples are left out.
 */
export function differencesNeeded(series: Float64Array): number {
  let values = series.filter((value) => !Number.isNaN(value));
  for (let count = 0; count < 2; count++) {
    if (values.length < 8 || levelStatistic(values) <= LEVEL_POINT) return count;
    values = differenced(values, 1);
  }
  return 2;
}

/** 1 where a season of `m` samples is strong, else 0; 0 where there are not two seasons. */
export function seasonalDifferencesNeeded(series: Float64Array, m: number): number {
  if (m < 2 || series.length < 2 * m || series.every(Number.isNaN)) return 0;
  return strengths(stl(series, { period: m, seasonal: SMOOTHED, seasonalDegree: 0, robust: false })).seasonal > STRONG ? 1 : 0;
}

/** Each value less the one `lag` samples before; NaN where one of them is missing. */
export function differenced(series: Float64Array, lag: number): Float64Array<ArrayBuffer> {
  return Float64Array.from({ length: Math.max(series.length - lag, 0) }, (_, time) => (series[time + lag] as number) - (series[time] as number));
}

/** The KPSS statistic for a level, with Bartlett's weights over 3/13 of the root of the length, as in `forecast::ndiffs`. 0 for a constant. */
export function levelStatistic(values: Float64Array): number {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value / count, 0);
  const errors = values.map((value) => value - mean);
  const scale = errors.reduce((most, error) => Math.max(most, Math.abs(error)), 0);
  if (scale <= 1e-12 * Math.abs(mean)) return 0;
  const unit = errors.map((error) => error / scale);
  let [sum, squares] = [0, 0];
  for (const error of unit) {
    sum += error;
    squares += sum * sum;
  }
  const farthest = Math.trunc((3 * Math.sqrt(count)) / 13);
  let variance = autoproduct(unit, 0);
  for (let lag = 1; lag <= farthest; lag++) variance += 2 * (1 - lag / (farthest + 1)) * autoproduct(unit, lag);
  return variance > 0 ? squares / count ** 2 / variance : 0;
}

function autoproduct(errors: Float64Array, lag: number): number {
  let sum = 0;
  for (let time = lag; time < errors.length; time++) sum += (errors[time] as number) * (errors[time - lag] as number);
  return sum / errors.length;
}
