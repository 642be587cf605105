import { describe, expect, test } from "vitest";
import { matrixOfRows } from "../matrix.ts";
import { createRandom } from "../random.ts";
import { columnScales } from "./column-scales.ts";

const column = (values: readonly number[]) => matrixOfRows(values.map((value) => [value]));
const random = createRandom(2);
const noise = Array.from({ length: 999 }, () => 50 + 4 * random.normal());

describe("the unit of a metric", () => {
  test("is its standard deviation where it is normal, with or without incidents, and a glitch does not hide it", () => {
    const incidents = noise.map((value, row) => (row % 20 === 0 ? 200 : value));
    const glitch = noise.map((value, row) => (row === 500 ? 1e9 : value));
    expect(columnScales(column(noise), "robust").scale[0]).toBeCloseTo(4, 0);
    expect(columnScales(column(incidents), "robust").scale[0]).toBeCloseTo(4, 0);
    expect(columnScales(column(glitch), "robust").scale[0]).toBeCloseTo(4, 0);
    expect(columnScales(column(incidents), "standard").scale[0]).toBeGreaterThan(20);
  });

  test("is that of its excursions where it is one value most of the time", () => {
    const idle = Array.from({ length: 100 }, (_, row) => (row % 10 === 0 ? 10 : 0));
    const { centre, scale } = columnScales(column(idle), "robust");
    expect(centre[0]).toBe(0);
    expect(scale[0]).toBeCloseTo(3, 12);
  });

  test("is a millionth of its level where it is constant, and never zero", () => {
    expect(columnScales(column([5e6, 5e6]), "robust").scale[0]).toBeCloseTo(5, 12);
    expect(columnScales(column([0, 0]), "robust").scale[0]).toBeGreaterThan(0);
  });

  test("leaves gaps out; without any value there is no level", () => {
    const { centre, scale } = columnScales(matrixOfRows([[1, Number.NaN], [Number.NaN, Number.NaN], [3, Number.NaN]]), "standard"); // biome-ignore format: rows of a matrix
    expect(centre[0]).toBe(2);
    expect(scale[0]).toBe(1);
    expect(centre[1]).toBeNaN();
  });
});
