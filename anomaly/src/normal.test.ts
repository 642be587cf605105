import fc from "fast-check";
import { expect, it } from "vitest";
import { normalCdf, normalQuantile, normalTail } from "./normal.ts";

it("gives the values of the tables", () => {
  // scipy.stats.norm 1.16: cdf(1.959963984540054), sf(5), sf(3), sf(20), cdf(-1).
  expect(normalCdf(1.959963984540054)).toBeCloseTo(0.975, 14);
  expect(normalTail(5) / 2.866515718791933e-7).toBeCloseTo(1, 12);
  expect(normalTail(3) / 1.3498980316300957e-3).toBeCloseTo(1, 12);
  expect(normalTail(20) / 2.7536241186061556e-89).toBeCloseTo(1, 12);
  expect(normalCdf(-1)).toBeCloseTo(0.15865525393145707, 14);
});

it("the quantile undoes the distribution", () => {
  fc.assert(fc.property(fc.double({ min: -6, max: 6, noNaN: true }), (z) => Math.abs(normalQuantile(normalCdf(z)) - z) < 1e-6));
});

it("never falls and never leaves 0 to 1", () => {
  fc.assert(
    fc.property(fc.double({ min: -50, max: 50, noNaN: true }), fc.double({ min: 0, max: 5, noNaN: true }), (z, more) => {
      const [low, high] = [normalCdf(z), normalCdf(z + more)];
      return low >= 0 && high <= 1 && high >= low - 1e-15;
    }),
  );
});
