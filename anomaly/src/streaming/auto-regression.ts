/**
 * AR(8) that learns online: fading autocovariances of the last eight lags, and from them, every few samples, the coefficients by Levinson's and Durbin's recursion
 * (G. Box and G. Jenkins, "Time Series Analysis", 1970, appendix A3.2). Its model is stable whatever came in, unlike that of recursive least squares,
 * and it converges within the samples that the autocovariances need, unlike normalised LMS: docs/streaming.md of the library has the measurement.
 */

export const ORDER = 8;
/** Numbers of state: lags from newest to oldest, autocovariances of lag 0 to 8, coefficients of lag 1 to 8. */
export const AUTO_REGRESSION_FIELDS = 3 * ORDER + 1;
/** Share of white noise added to lag 0: rounding never makes the matrix singular. */
const RIDGE = 1e-4;

const scratch = new Float64Array(ORDER);
const before = new Float64Array(ORDER);

/** What the next sample should be, from the lags; 0 before anything was learned. */
export function predictNext(state: Float32Array, at: number): number {
  let sum = 0;
  for (let lag = 0; lag < ORDER; lag++) sum += (state[at + lag] as number) * (state[at + 2 * ORDER + 1 + lag] as number);
  return sum;
}

/** Learns a sample of mean about 0; `gain` is about 1 / number of samples remembered. */
export function learnLags(state: Float32Array, at: number, sample: number, gain: number): void {
  const covariance = at + ORDER;
  state[covariance] = (state[covariance] as number) + gain * (sample * sample - (state[covariance] as number));
  for (let lag = ORDER; lag > 0; lag--) {
    const old = state[at + lag - 1] as number;
    const index = covariance + lag;
    state[index] = (state[index] as number) + gain * (sample * old - (state[index] as number));
    if (lag < ORDER) state[at + lag] = old;
  }
  state[at] = sample;
}

/** After a gap the lags say nothing about what comes: they count as the mean. */
export function forgetLags(state: Float32Array, at: number): void {
  for (let lag = 0; lag < ORDER; lag++) state[at + lag] = 0;
}

/** Coefficients from the autocovariances. */
export function solveCoefficients(state: Float32Array, at: number): void {
  const covariance = at + ORDER;
  const coefficients = covariance + ORDER + 1;
  let error = (state[covariance] as number) * (1 + RIDGE);
  if (!(error > 0)) return;
  const floor = error * RIDGE;
  scratch.fill(0);
  for (let order = 0; order < ORDER; order++) {
    let sum = state[covariance + order + 1] as number;
    for (let lag = 0; lag < order; lag++) sum -= (scratch[lag] as number) * (state[covariance + order - lag] as number);
    const reflection = Math.max(-0.9999, Math.min(0.9999, sum / error));
    before.set(scratch);
    for (let lag = 0; lag < order; lag++) scratch[lag] = (before[lag] as number) - reflection * (before[order - 1 - lag] as number);
    scratch[order] = reflection;
    error *= 1 - reflection * reflection;
    if (error <= floor) break;
  }
  for (let lag = 0; lag < ORDER; lag++) state[coefficients + lag] = scratch[lag] as number;
}
