import fc from "fast-check";
import { expect, it } from "vitest";
import { middleOf, quantileOf } from "./quantile.ts";

it("lies between the two samples around it, as numpy's default has it", () => {
  const sorted = Float64Array.of(1, 2, 4, 8);
  // numpy.quantile([1, 2, 4, 8], [0, 0.1, 0.5, 0.9, 1]) of numpy 2.4.6.
  for (const [share, value] of [
    [0, 1],
    [0.1, 1.3],
    [0.5, 3],
    [0.9, 6.8],
    [1, 8],
  ] as const)
    expect(quantileOf(sorted, share)).toBeCloseTo(value, 12);
});

it("has half of the samples on either side of the middle", () => {
  const samples = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1 });
  fc.assert(
    fc.property(samples, (values) => {
      const middle = middleOf(Float64Array.from(values).sort());
      expect(values.filter((value) => value < middle).length).toBeLessThanOrEqual(values.length / 2);
      expect(values.filter((value) => value > middle).length).toBeLessThanOrEqual(values.length / 2);
    }),
  );
});

it("is no number of no samples", () => expect([middleOf(new Float64Array(0)), quantileOf(new Float64Array(0), 0.5)]).toEqual([Number.NaN, Number.NaN]));
