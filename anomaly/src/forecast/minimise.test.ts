import { describe, expect, it } from "vitest";
import { minimise } from "./minimise.ts";

const valley = ([x = 0, y = 0]: ArrayLike<number> & Iterable<number>): number => (1 - x) ** 2 + 100 * (y - x * x) ** 2;

describe("the least value", () => {
  it("of Rosenbrock's valley lies at its end", () => {
    const { point, value, converged } = minimise(([x, y]) => valley([x as number, y as number]), Float64Array.of(-1.2, 1), { gain: 1e-15 });
    expect([converged, value < 1e-9]).toEqual([true, true]);
    for (const each of point) expect(each).toBeCloseTo(1, 3);
  });

  it("of a bowl in five dimensions is its bottom, in few questions", () => {
    const { point, asked } = minimise((x) => x.reduce((sum, each, index) => sum + (index + 1) * (each - index) ** 2, 0), new Float64Array(5));
    for (const [index, each] of point.entries()) expect(each).toBeCloseTo(index, 5);
    expect(asked).toBeLessThan(300);
  });

  it("of a function with a kink, where gradients lead nowhere, is found by the simplex", () => {
    const { point } = minimise(([x = 0, y = 0]) => Math.abs(x - 2) + Math.abs(x + y) + Math.max(0, y) ** 2, Float64Array.of(0.1, 0.2));
    expect(point[0]).toBeCloseTo(2, 2);
    expect(point[1]).toBeCloseTo(-2, 2);
  });

  it("is not sought where the function is no number", () => {
    const { point } = minimise(([x = 0]) => (x < 0 ? Number.NaN : (Math.sqrt(x) - 1) ** 2), Float64Array.of(4));
    expect(point[0]).toBeCloseTo(1, 2);
  });

  it("of a function of nothing is what it is", () => expect(minimise(() => 3, new Float64Array(0))).toMatchObject({ value: 3, converged: true }));
});
