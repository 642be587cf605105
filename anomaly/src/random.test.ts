import { expect, it } from "vitest";
import { createRandom } from "./random.ts";

const draw = (seed: number, count: number): number[] => {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => random.next());
};

it("the same seed gives the same numbers, on any machine", () => {
  expect(draw(1, 5)).toEqual(draw(1, 5));
  expect(createRandom(1).below(1_000_000)).toBe(createRandom(1).below(1_000_000));
});

it("neighbouring seeds share nothing", () => {
  const [one, two] = [draw(1, 1_000), draw(2, 1_000)];
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const products = one.map((value, index) => (value - 0.5) * ((two[index] as number) - 0.5) * 12);
  expect(Math.abs(mean(products))).toBeLessThan(4 / Math.sqrt(1_000));
});

it("uniform numbers fill each tenth alike", () => {
  const counts = new Array<number>(10).fill(0);
  const random = createRandom(7);
  for (let index = 0; index < 100_000; index++) {
    const cell = random.below(10);
    counts[cell] = (counts[cell] as number) + 1;
  }
  // Ten cells of 10,000: each lies within five standard deviations.
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(5 * Math.sqrt(9_000));
});

it("normal numbers have mean 0, variance 1 and the tails of the normal distribution", () => {
  const random = createRandom(3);
  const samples = Float64Array.from({ length: 100_000 }, () => random.normal());
  const mean = samples.reduce((sum, value) => sum + value, 0) / samples.length;
  const variance = samples.reduce((sum, value) => sum + value * value, 0) / samples.length;
  expect(mean).toBeCloseTo(0, 1);
  expect(variance).toBeCloseTo(1, 1);
  expect(samples.filter((value) => Math.abs(value) > 1.96).length / samples.length).toBeCloseTo(0.05, 2);
});
