/** What can be a sample at all. */
import { InputError } from "./input-error.ts";

/** The square of anything larger overflows in a sum of squares: no metric is measured beyond. */
const LARGEST = 1e140;

/** Whether a value is a number that can be reckoned with: neither missing (NaN) nor infinite nor beyond 1e140. */
export function isSample(value: number): boolean {
  return Math.abs(value) <= LARGEST;
}

/** As isSample, and NaN where one is missing. */
export function isSampleOrGap(value: number): boolean {
  return !(Math.abs(value) > LARGEST);
}

/** Throws InputError for a value that is infinite or beyond 1e140. NaN, a gap, is let through. */
export function checkSamples(series: ArrayLike<number>): void {
  for (let index = 0; index < series.length; index++)
    if (!isSampleOrGap(series[index] as number))
      throw new InputError(`sample ${index} is ${series[index]}: give numbers within 1e140 of 0, NaN where one is missing`);
}

/** The last millisecond that a Date knows, 275,760 years from 1970. */
const LATEST = 8.64e15;

/** Whether `at` can be a time in epoch milliseconds. */
export function isTime(at: number): boolean {
  return Math.abs(at) <= LATEST;
}
