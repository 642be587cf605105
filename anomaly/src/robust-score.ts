/** How far a sample lies from the middle of a window, in a unit that a few wild samples in the window cannot stretch. */
import { middleOf } from "./quantile.ts";

/** Makes the median absolute deviation of normally distributed samples their standard deviation: 1 / Phi^-1(3/4). */
export const NORMAL_SCALE = 1.4826022185056018;

/** The middle value, or the mean of the two middle ones; NaN for an empty window. The window must hold no NaN; it is not changed. */
export function median(window: Float64Array): number {
  return middleOf(window.toSorted());
}

/** Median distance from the median, in the unit of the samples; NaN for an empty window. */
export function medianAbsoluteDeviation(window: Float64Array): number {
  const middle = median(window);
  return median(window.map((sample) => Math.abs(sample - middle)));
}

/**
 * Signed distance of `sample` from the window's median in robust standard deviations: (x - median) / (1.4826 MAD).
 * B. Iglewicz and D. Hoaglin, "How to Detect and Handle Outliers" (1993), call an absolute score above 3.5 an outlier.
 * Undefined where the window cannot tell: it is empty, or more than half of it is one and the same value that `sample` is not.
 */
export function robustScore(window: Float64Array, sample: number): number | undefined {
  if (window.length === 0) return undefined;
  const distance = sample - median(window);
  if (distance === 0) return 0;
  const spread = medianAbsoluteDeviation(window) * NORMAL_SCALE;
  return spread === 0 ? undefined : distance / spread;
}
