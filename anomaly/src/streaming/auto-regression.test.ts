import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createRandom } from "../random.ts";
import { AUTO_REGRESSION_FIELDS, forgetLags, learnLags, ORDER, predictNext, solveCoefficients } from "./auto-regression.ts";

interface Model {
  readonly name: string;
  readonly covariances: number[];
  readonly coefficients: number[];
}

const { models } = JSON.parse(readFileSync(new URL("fixtures/auto-regression.json", import.meta.url), "utf8")) as { models: Model[] };

it.each(models)("coefficients of $name are those that scipy solves from the same autocovariances", ({ covariances, coefficients }) => {
  const state = new Float32Array(AUTO_REGRESSION_FIELDS);
  state.set(covariances, ORDER);
  solveCoefficients(state, 0);
  coefficients.forEach((coefficient, lag) => {
    expect(Math.abs((state[2 * ORDER + 1 + lag] as number) - coefficient)).toBeLessThan(2e-3);
  });
});

/** Mean square error of predictions after `warm` samples, for noise of variance 1: 1 is as good as can be. */
function errorOn(phi: readonly number[], warm: number): number {
  const random = createRandom(17);
  const state = new Float32Array(AUTO_REGRESSION_FIELDS);
  const past = new Float64Array(ORDER);
  let sum = 0;
  for (let push = 1; push <= 6000; push++) {
    const value = random.normal() + phi.reduce((total, weight, lag) => total + weight * (past[lag] as number), 0);
    past.copyWithin(1, 0);
    past[0] = value;
    const error = value - predictNext(state, 0);
    if (push > warm) sum += error * error;
    learnLags(state, 0, value, Math.max(1 / 256, 1 / (push + 1)));
    if (push % 8 === 0) solveCoefficients(state, 0);
  }
  return sum / (6000 - warm);
}

describe("what it learns online foresees nearly as well as the true model", () => {
  it.each([
    ["white noise", []],
    ["AR(1)", [0.9]],
    ["AR(1) near a random walk", [0.99]],
    ["AR(2) that swings", [1.6, -0.9]],
    ["AR(8)", [0.5, 0, 0, -0.3, 0, 0, 0.2, 0.2]],
  ])("%s", (_, phi) => expect(errorOn(phi, 256)).toBeLessThan(1.08));
});

it("after a gap it expects the mean", () => {
  const state = new Float32Array(AUTO_REGRESSION_FIELDS);
  for (let push = 1; push <= 100; push++) learnLags(state, 0, push % 2 === 0 ? 5 : 4, 0.1);
  solveCoefficients(state, 0);
  expect(predictNext(state, 0)).toBeGreaterThan(1);
  forgetLags(state, 0);
  expect(predictNext(state, 0)).toBe(0);
});

it("a series of nothing but zeros is no division by zero", () => {
  const state = new Float32Array(AUTO_REGRESSION_FIELDS);
  learnLags(state, 0, 0, 0.5);
  solveCoefficients(state, 0);
  expect(predictNext(state, 0)).toBe(0);
});
