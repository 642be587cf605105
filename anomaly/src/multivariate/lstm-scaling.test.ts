import fc from "fast-check";
import { expect, it } from "vitest";
import { matrix, matrixOfRows } from "../matrix.ts";
import { createRandom } from "../random.ts";
import { checkTable, fitScaling, scaled, scaledTable } from "./lstm-scaling.ts";

const column = (...values: number[]) => matrix(values.length, 1, Float64Array.from(values));

it("measures in deviations that a few wild values do not move", () => {
  const random = createRandom(1);
  const values = Array.from({ length: 4001 }, (_, row) => (row % 10 === 0 ? 1e9 : 50 + 3 * random.normal()));
  const { center, unit } = fitScaling(column(...values), values.length);
  expect(center[0]).toBeCloseTo(50.4, 0);
  expect(unit[0]).toBeGreaterThan(3);
  expect(unit[0]).toBeLessThan(9);
});

it("reads the first rows alone, and skips what is missing", () => {
  expect(fitScaling(column(1, Number.NaN, 2, 3, 1000, 1000, 1000), 4)).toEqual({ center: Float64Array.of(2), unit: Float64Array.of(1.482602218505602) });
});

it("has its unit from the busy times of what is quiet for more than half of the time", () => {
  const { unit } = fitScaling(column(...Array.from({ length: 100 }, (_, row) => (row % 4 === 0 ? 5 : 0.1 * (row % 3)))), 100);
  expect(unit[0]).toBeGreaterThan(0.5);
});

it("has a unit where most values are one, where all are, and where there are none", () => {
  expect(fitScaling(column(0, 0, 0, 8), 4).unit[0]).toBeCloseTo(1.2533141373155003 * 2, 12);
  expect(fitScaling(column(-70, -70, -70), 3).unit[0]).toBeCloseTo(70e-6, 12);
  expect(scaled(fitScaling(column(0, 0), 2), 0, 0.001, 5)).toBe(5);
  expect(fitScaling(column(Number.NaN), 1)).toEqual({ center: Float64Array.of(0), unit: Float64Array.of(1) });
});

it("cuts what is far out on both sides, and leaves a gap a gap", () => {
  const scaling = { center: Float64Array.of(10), unit: Float64Array.of(2) };
  expect([14, 1e300, -1e300].map((value) => scaled(scaling, 0, value, 5))).toEqual([2, 5, -5]);
  expect(scaled(scaling, 0, Number.NaN, 5)).toBeNaN();
});

it("does not care for the unit or the zero of a metric", () => {
  fc.assert(
    fc.property(fc.integer(), fc.double({ min: 0.1, max: 1e3, noNaN: true }), fc.double({ min: -1e3, max: 1e3, noNaN: true }), (seed, factor, shift) => {
      const random = createRandom(seed);
      const table = column(...Array.from({ length: 50 }, () => random.normal()));
      const moved = matrix(
        50,
        1,
        table.values.map((value) => factor * value + shift),
      );
      const [plain, other] = [table, moved].map((each) => scaledTable(fitScaling(each, 50), each, 5).values);
      plain?.forEach((value, row) => {
        expect(other?.[row]).toBeCloseTo(value, 6);
      });
    }),
  );
});

it("says where an infinite value stands", () => {
  const table = matrixOfRows([
    [1, 2],
    [3, Number.POSITIVE_INFINITY],
  ]);
  expect(() => checkTable(table)).toThrow("row 1, feature 1 is Infinity: give finite numbers, and NaN where one is missing");
});
