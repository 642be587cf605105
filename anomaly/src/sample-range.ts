/** Which numbers the samples of a series may be: their squares, and sums of those, must be numbers too. */
import { InputError } from "./input-error.ts";

/** The square of anything larger overflows in a sum of squares. */
const LARGEST_VALUE = 1e140;

/** Throws InputError for a value that is infinite or too large to be squared. NaN, a gap, is let through. */
export function checkValues(series: Float64Array): void {
  const bad = series.findIndex((value) => !squarable(value));
  if (bad >= 0) throw new InputError(`sample ${bad} is ${series[bad]}: give numbers within 1e140 of 0, NaN where one is missing`);
}

/** Whether a value can stand in a sum of squares; NaN can, as a gap. */
export function squarable(value: number): boolean {
  return !(Math.abs(value) > LARGEST_VALUE);
}
