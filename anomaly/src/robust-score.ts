/** How far a sample lies from the middle of a window, in a unit that a few wild samples in the window cannot stretch. */
import { InputError } from "./input-error.ts";
import { middleOf } from "./quantile.ts";
import { isSample } from "./sample-range.ts";

/** Makes the median absolute deviation of normally distributed samples their standard deviation: 1 / Phi^-1(3/4). */
export const NORMAL_SCALE = 1.4826022185056018;

/** No score is larger: that of a sample which left a window that hardly moves. */
const LARGEST_SCORE = 1e6;

/** The middle value, or the mean of the two middle ones; NaN for an empty window, which is not changed. Throws InputError for a window that holds NaN or infinities. */
export function median(window: Float64Array): number {
  const sorted = window.toSorted();
  // NaN is sorted last, as Infinity is.
  const [least = 0, most = 0] = [sorted[0], sorted.at(-1)];
  if (!(Number.isFinite(least) && Number.isFinite(most)))
    throw new InputError(`the window holds ${Number.isFinite(least) ? most : least}: give finite numbers, and leave gaps out`);
  return middleOf(sorted);
}

/** Median distance from the median, in the unit of the samples; NaN for an empty window. Throws InputError as median does, and where a distance is infinite. */
export function medianAbsoluteDeviation(window: Float64Array): number {
  const middle = median(window);
  return median(window.map((sample) => Math.abs(sample - middle)));
}

/**
 * Signed distance of `sample` from the window's median in robust standard deviations: (x - median) / (1.4826 MAD).
 * B. Iglewicz and D. Hoaglin, "How to Detect and Handle Outliers" (1993), call an absolute score above 3.5 an outlier.
 * Undefined where the window cannot tell: it is empty, or more than half of it is one and the same value that `sample` is not. Never beyond 1e6.
 * Throws InputError for a sample or a window that is not a number within 1e140 of 0.
 */
export function robustScore(window: Float64Array, sample: number): number | undefined {
  const bad = isSample(sample) ? window.find((value) => !isSample(value)) : sample;
  if (bad !== undefined) throw new InputError(`a sample is ${bad}: give numbers within 1e140 of 0, and leave gaps out`);
  if (window.length === 0) return undefined;
  const distance = sample - median(window);
  if (distance === 0) return 0;
  const spread = medianAbsoluteDeviation(window) * NORMAL_SCALE;
  return spread === 0 ? undefined : Math.max(-LARGEST_SCORE, Math.min(LARGEST_SCORE, distance / spread));
}
