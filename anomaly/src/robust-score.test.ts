import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { median, medianAbsoluteDeviation, robustScore } from "./index.ts";

const finite = fc.double({ noNaN: true, min: -1e6, max: 1e6 });
const windowOf = (...samples: number[]): Float64Array => Float64Array.from(samples);

describe("the median", () => {
  it("is the middle value", () => expect(median(windowOf(9, 1, 5))).toBe(5));
  it("is the mean of two middle values", () => expect(median(windowOf(4, 1, 2, 9))).toBe(3));
  it("sorts numbers as numbers", () => expect(median(windowOf(10, 9, 100))).toBe(10));
  it("of nothing is not a number", () => expect(median(windowOf())).toBeNaN());
  it("leaves the window as it was", () => {
    const window = windowOf(3, 1, 2);
    median(window);
    expect([...window]).toEqual([3, 1, 2]);
  });
});

it("the median absolute deviation is the median distance from the median", () => {
  expect(medianAbsoluteDeviation(windowOf(1, 1, 2, 2, 4, 6, 9))).toBe(1);
});

describe("the robust score", () => {
  it("is one standard deviation for one, where samples are normal", () => {
    // Quantiles of the standard normal distribution at (i - 1/2) / 8.
    const normal = windowOf(-1.534121, -0.887147, -0.488776, -0.15731, 0.15731, 0.488776, 0.887147, 1.534121);
    expect(robustScore(normal, 1)).toBeCloseTo(1, 1);
  });
  it("sees a sample that a wild one in the window would hide from mean and deviation", () => {
    const window = windowOf(10, 11, 9, 10, 12, 10, 9, 11, 10, 1_000);
    expect(robustScore(window, 30)).toBeGreaterThan(3.5);
  });
  it("is unknown against nothing", () => expect(robustScore(windowOf(), 1)).toBeUndefined());
  it("is unknown against a constant, except for that constant", () => {
    expect([robustScore(windowOf(5, 5, 5), 6), robustScore(windowOf(5, 5, 5), 5)]).toEqual([undefined, 0]);
  });
  it("turns its sign with the samples", () => {
    fc.assert(
      fc.property(fc.array(finite, { minLength: 1 }), finite, (samples, sample) => {
        const score = robustScore(Float64Array.from(samples), sample);
        const mirror = samples.map((each) => -each);
        const mirrored = robustScore(Float64Array.from(mirror), -sample);
        return score === undefined ? mirrored === undefined : mirrored === -score;
      }),
      { numRuns: 1_000 },
    );
  });
});
