import fc from "fast-check";
import { expect, it } from "vitest";
import { nelderMead } from "./nelder-mead.ts";

it("finds the end of Rosenbrock's valley", () => {
  const valley = ([x = 0, y = 0]: Float64Array): number => (1 - x) ** 2 + 100 * (y - x * x) ** 2;
  const { point, value } = nelderMead(valley, Float64Array.of(-1.2, 1), { tolerance: 1e-14, evaluations: 2_000 });
  expect(value).toBeLessThan(1e-10);
  expect(point[0]).toBeCloseTo(1, 4);
});

it("finds the middle of any bowl", () => {
  const coordinate = fc.double({ min: -20, max: 20, noNaN: true });
  fc.assert(
    fc.property(fc.array(coordinate, { minLength: 1, maxLength: 4 }), (middle) => {
      const bowl = (point: Float64Array): number => 1 + middle.reduce((sum, value, axis) => sum + (axis + 1) * ((point[axis] as number) - value) ** 2, 0);
      const { value } = nelderMead(bowl, new Float64Array(middle.length), { evaluations: 4_000 });
      return value < 1.001;
    }),
  );
});

it("stays where the function is defined", () => {
  const { point } = nelderMead(([x = 0]) => (x < 2 ? Number.NaN : x), Float64Array.of(5), { evaluations: 500 });
  expect(point[0]).toBeGreaterThanOrEqual(2);
  expect(point[0]).toBeLessThan(2.01);
});

it("with nothing to choose gives the value there", () => expect(nelderMead(() => 3, new Float64Array(0)).value).toBe(3));
