import { expect, it } from "vitest";
import { createRandom } from "../../src/index.ts";
import { Chance } from "./chance.ts";

const DRAWS = 20_000;

function momentsOf(draw: () => number): { mean: number; variance: number } {
  const values = Array.from({ length: DRAWS }, draw);
  const mean = values.reduce((sum, value) => sum + value, 0) / DRAWS;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / DRAWS };
}

it("counts as a Poisson process does: variance as large as the mean, few and many", () => {
  const chance = new Chance(createRandom(1));
  for (const rate of [0.3, 4, 80]) {
    const { mean, variance } = momentsOf(() => chance.poisson(rate));
    expect(mean / rate).toBeCloseTo(1, 1);
    expect(variance / rate).toBeCloseTo(1, 1);
  }
  expect(chance.poisson(0)).toBe(0);
});

it("has bursts of mean 1 and variance a half, and waits as long as asked in the mean", () => {
  const chance = new Chance(createRandom(2));
  const burst = momentsOf(() => chance.burst());
  expect(burst.mean).toBeCloseTo(1, 1);
  expect(burst.variance).toBeCloseTo(0.5, 1);
  expect(momentsOf(() => chance.exponential(7)).mean / 7).toBeCloseTo(1, 1);
});

it("draws as many below the geometric mean as above it", () => {
  const chance = new Chance(createRandom(3));
  const below = Array.from({ length: DRAWS }, () => chance.logUniform(1, 100)).filter((value) => value < 10);
  expect(below.length / DRAWS).toBeCloseTo(0.5, 1);
});
