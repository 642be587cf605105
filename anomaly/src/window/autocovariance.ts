/** How a series goes with itself some samples later. */

/**
 * Autocovariance at lags 0 to `lags` - 1, in the square of the unit: sums of products of deviations from the mean, divided by the number of samples.
 * So divided (and not by the number of pairs) the Toeplitz matrix of it has no negative eigenvalue: G. Box and G. Jenkins, "Time Series Analysis", 2.1.5.
 * A gap (NaN) counts as the mean. All zeros for a series without a sample.
 */
export function autocovariance(series: Float64Array, lags: number): Float64Array {
  const centred = centredOf(series);
  const result = new Float64Array(lags);
  for (let lag = 0; lag < Math.min(lags, series.length); lag++) {
    let sum = 0;
    for (let index = lag; index < centred.length; index++) sum += (centred[index] as number) * (centred[index - lag] as number);
    result[lag] = sum / centred.length;
  }
  return result;
}

/** Mean of the samples that are there; 0 where none is. */
export function meanOf(series: Float64Array): number {
  let sum = 0;
  let count = 0;
  for (let index = 0; index < series.length; index++) {
    const value = series[index] as number;
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return count === 0 ? 0 : sum / count;
}

function centredOf(series: Float64Array): Float64Array {
  const mean = meanOf(series);
  return series.map((value) => (Number.isNaN(value) ? 0 : value - mean));
}
