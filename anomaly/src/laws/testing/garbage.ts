/** Samples as no metric should give them, and some do. */
import fc from "fast-check";
import { type Sample, STEP } from "./subject.ts";

export const HARD = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  0,
  -0,
  1,
  5e-324,
  1e-308,
  1e18,
  1e140,
  -1e140,
  1e150,
  1e308,
  -1e308,
  1.7e308,
];

export const value = fc.oneof({ arbitrary: fc.constantFrom(...HARD), weight: 3 }, fc.double(), fc.double({ min: -50, max: 50, noNaN: true }));
/** The time from one sample to the next: as ever, none, back, years on, or no time at all. */
export const elapsed = fc.oneof(
  { arbitrary: fc.constant(STEP), weight: 4 },
  fc.constantFrom(0, 1, -STEP, -3_600_000, 90 * 86_400_000, -3e11, 1e13, Number.NaN, Number.POSITIVE_INFINITY, 1e300, -1e300),
);

/** Each value so long after the one before; what is no time stands alone. */
export function timed(steps: readonly (readonly [number, number])[], from: number): Sample[] {
  let at = from;
  return steps.map(([own, step]) => {
    if (Number.isFinite(at + step) && Math.abs(step) < 1e200) at += step;
    return { value: own, at: Number.isFinite(step) && Math.abs(step) < 1e200 ? at : step };
  });
}
