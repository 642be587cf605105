/** How often a series has to be differenced before a model without differences may be asked about it. */

/** The 5 % point of the test of D. Kwiatkowski, P. Phillips, P. Schmidt and Y. Shin (1992) for a level; its table 1. */
const LEVEL_POINT = 0.463;
/** Of `forecast::nsdiffs` in R: X. Wang, K. Smith and R. Hyndman's strength of season (2006) from which a seasonal difference predicts better. */
const STRONG = 0.64;

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
  return m > 1 && seasonalStrength(series, m) > STRONG ? 1 : 0;
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

/** 0 to 1: the part of the variance around a moving mean of one season that the mean of each of its `m` slots explains. 0 with fewer than two seasons. */
export function seasonalStrength(series: Float64Array, m: number): number {
  if (series.length < 2 * m) return 0;
  const detrended = aroundMovingMean(series, m);
  const [sums, counts] = [new Float64Array(m), new Float64Array(m)];
  detrended.forEach((value, time) => {
    if (Number.isNaN(value)) return;
    sums[time % m] = (sums[time % m] as number) + value;
    counts[time % m] = (counts[time % m] as number) + 1;
  });
  const slots = sums.map((sum, slot) => sum / Math.max(counts[slot] as number, 1));
  const middle = slots.reduce((sum, slot) => sum + slot / m, 0);
  const rest = detrended.map((value, time) => value - (slots[time % m] as number) + middle);
  const all = varianceOf(detrended);
  // What a slot's mean explains of its own samples is no season: one sample in so many of the rest is used up by it.
  const perSlot = counts.reduce((least, count) => Math.min(least, count), Number.POSITIVE_INFINITY);
  if (!(all > 0) || perSlot < 2) return 0;
  return Math.max(0, 1 - varianceOf(rest) / all);
}

/** Each value less the mean of the season around it (its ends count half where `m` is even); NaN where there is none. Missing values stay out of the mean. */
function aroundMovingMean(series: Float64Array, m: number): Float64Array {
  const half = m >> 1;
  const even = m % 2 === 0;
  const [sums, known] = [new Float64Array(series.length + 1), new Float64Array(series.length + 1)];
  series.forEach((value, time) => {
    const missing = Number.isNaN(value);
    sums[time + 1] = (sums[time] as number) + (missing ? 0 : value);
    known[time + 1] = (known[time] as number) + (missing ? 0 : 1);
  });
  const within = (totals: Float64Array, from: number, to: number): number => (totals[to] as number) - (totals[from] as number);
  return series.map((value, time) => {
    const [from, to] = [time - half, time + half + 1];
    if (from < 0 || to > series.length) return Number.NaN;
    const mean = (totals: Float64Array): number => (even ? (within(totals, from, to) + within(totals, from + 1, to - 1)) / 2 : within(totals, from, to));
    const count = mean(known);
    return count > 0 ? value - mean(sums) / count : Number.NaN;
  });
}

function varianceOf(values: Float64Array): number {
  const known = values.filter((value) => !Number.isNaN(value));
  const mean = known.reduce((sum, value) => sum + value / known.length, 0);
  return known.reduce((sum, value) => sum + (value - mean) ** 2 / known.length, 0);
}
