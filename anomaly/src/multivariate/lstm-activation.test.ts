import { expect, it } from "vitest";
import { hyperbolicTangent, logistic } from "./lstm-activation.ts";

const points = Array.from({ length: 40_001 }, (_, index) => (index - 20_000) / 250);
const worst = (error: (x: number) => number): number => Math.max(...points.map((x) => Math.abs(error(x))));

it("is within 5e-16 of the engine's own functions, far out too", () => {
  expect(worst((x) => logistic(x) - 1 / (1 + Math.exp(-x)))).toBeLessThan(5e-16);
  expect(worst((x) => hyperbolicTangent(x) - Math.tanh(x))).toBeLessThan(5e-16);
});

it("ends flat", () => {
  expect([logistic(1e300), logistic(Number.POSITIVE_INFINITY), hyperbolicTangent(-1e9), hyperbolicTangent(0)]).toEqual([1, 1, -1, 0]);
  expect(logistic(Number.NEGATIVE_INFINITY)).toBeLessThan(1e-17);
});
