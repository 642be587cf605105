import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { averageRunLength, thresholdFor } from "./average-run-length.ts";

describe("the average run length", () => {
  // Two-sided, k = 1/2: exact values in D. Montgomery, "Introduction to Statistical Quality Control", table 9.3.
  it.each([
    [4, 0, 168],
    [4, 1, 8.38],
    [4, 2, 3.34],
    [5, 0, 465],
    [5, 1, 10.4],
    [5, 2, 4.01],
  ])("with threshold %d and a shift of %d is close to the exact %d", (threshold, shift, exact) => {
    const together = 1 / (1 / averageRunLength(shift, 0.5, threshold) + 1 / averageRunLength(-shift, 0.5, threshold));
    expect(together / exact).toBeGreaterThan(0.93);
    expect(together / exact).toBeLessThan(1.07);
  });
  it("has no jump where the drift changes its sign", () => {
    expect(averageRunLength(0.5 - 1e-6, 0.5, 5)).toBeCloseTo(averageRunLength(0.5 + 1e-6, 0.5, 5), 2);
    expect(averageRunLength(0.5, 0.5, 5)).toBeCloseTo(6.166 ** 2, 9);
  });
  it("is inverted by the threshold", () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 1_000_000 }), fc.double({ min: 0.1, max: 2, noNaN: true }), (samples, allowance) => {
        const reached = averageRunLength(0, allowance, thresholdFor(samples, allowance)) / 2;
        // A walk with a large allowance has run longer than this already at no threshold at all.
        return reached >= samples * (1 - 1e-6) && (reached <= samples * (1 + 1e-6) || thresholdFor(samples, allowance) < 1e-9);
      }),
    );
  });
  it("of fewer than ten samples is refused", () => expect(() => thresholdFor(1, 0.5)).toThrow("samplesPerFalseAlarm is 1"));
});
