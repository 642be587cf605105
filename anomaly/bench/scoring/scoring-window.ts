/** The largest window of the VUS-PR of one series: the lag of its strongest autocorrelation peak, as TSB-AD's find_length_rank(series, rank=1) finds it. */

const SAMPLES = 20_000;
const LAGS = 400;
const FIRST_LAG = 3;
const FALLBACK = 125;

/** `series` without gaps. 125 samples where there is no peak, or none between 6 and 303 samples; of a multivariate series TSB-AD takes the first column. */
export function scoringWindow(series: Float64Array): number {
  const correlation = autocorrelation(series.subarray(0, SAMPLES));
  let best = -1;
  for (let lag = FIRST_LAG + 1; lag < correlation.length - 1; lag++) {
    const here = correlation[lag] as number;
    if (!(here > (correlation[lag - 1] as number) && here > (correlation[lag + 1] as number))) continue;
    if (best < 0 || here > (correlation[best] as number)) best = lag;
  }
  return best < FIRST_LAG + 3 || best > FIRST_LAG + 300 ? FALLBACK : best;
}

/** Biased autocorrelation at lags 0 to 400, or fewer where the series is short. */
function autocorrelation(series: Float64Array): Float64Array {
  const mean = series.reduce((sum, value) => sum + value, 0) / series.length;
  const centred = series.map((value) => value - mean);
  const products = new Float64Array(Math.min(LAGS + 1, series.length));
  for (let lag = 0; lag < products.length; lag++) {
    let sum = 0;
    for (let index = lag; index < centred.length; index++) sum += (centred[index] as number) * (centred[index - lag] as number);
    products[lag] = sum;
  }
  const variance = products[0] ?? 0;
  return products.map((sum) => sum / variance);
}
