/**
 * Middle and spread of a stream in three numbers, a few operations per sample: steps of fixed size relative to the spread, towards the sample
 * (frugal streaming: Q. Ma, S. Muthukrishnan, M. Sandler, "Frugal Streaming for Estimating Quantiles", 2013; here the step scales with the spread, so that
 * the estimate of a scaled series is the scaled estimate). A wild sample moves them no more than a mild one.
 */

/** Numbers of state: median absolute deviation, and the mean of those that are not 0, clipped. */
export const SPREAD_FIELDS = 2;
/** 1 / Phi^-1(3/4). */
const NORMAL_SCALE = 1.4826;
/**
 * The mean counts where most samples are equal and the median deviation is 0: there it is the usual size of an event. For a normal series 1.25 would
 * be a deviation.
 */
const MEAN_SHARE = 0.4;
/** A sample counts for at most so many mean deviations: growth of the scale is followed, at a bounded pace. */
const CLIP = 8;

/** Spread in the unit of the samples, about a standard deviation; 0 while all samples were equal. */
export function spreadOf(state: Float32Array, at: number): number {
  return Math.max(NORMAL_SCALE * (state[at] as number), MEAN_SHARE * (state[at + 1] as number));
}

/** Learns one absolute deviation; `gain` in (0, 1) is about 1 / number of samples remembered. */
export function learnSpread(state: Float32Array, at: number, deviation: number, gain: number): void {
  const middle = state[at] as number;
  const mean = state[at + 1] as number;
  if (mean === 0) {
    state[at + 1] = deviation;
    state[at] = deviation;
    return;
  }
  const step = 1 + 2 * gain;
  // From nothing it can only rise: the smallest value that still can is a trace of the mean.
  state[at] = Math.max(deviation > middle ? middle * step : middle / step, mean * 1e-6);
  if (deviation > 0) state[at + 1] = mean + gain * (Math.min(deviation, CLIP * mean) - mean);
}

/** The median after `sample`: one step of `gain` spreads towards it, and not beyond. */
export function stepMedian(median: number, sample: number, spread: number, gain: number): number {
  const step = 2 * gain * spread;
  return sample > median ? Math.min(sample, median + step) : Math.max(sample, median - step);
}
