import { describe, expect, it } from "vitest";
import { createRandom } from "../random.ts";
import { medianAbsoluteDeviation } from "../robust-score.ts";
import { learnSpread, SPREAD_FIELDS, spreadOf, stepMedian } from "./spread.ts";

/** Median and spread after all samples, as members.ts learns them. */
function learned(samples: Float64Array): { median: number; spread: number } {
  const state = new Float32Array(SPREAD_FIELDS);
  let median = samples[0] as number;
  samples.forEach((sample, index) => {
    const gain = Math.max(1 / 256, 1 / (index + 2));
    const spread = spreadOf(state, 0);
    learnSpread(state, 0, Math.abs(sample - median), gain);
    median = stepMedian(median, sample, spread, gain);
  });
  return { median, spread: spreadOf(state, 0) };
}

const random = createRandom(31);
const drawn = (count: number, draw: () => number): Float64Array => Float64Array.from({ length: count }, draw);

describe("running estimates come near the exact ones of the whole sample", () => {
  it.each([
    ["normal", () => 50 + 3 * random.normal(), 50],
    ["with one sample in ten a hundred times as large", () => (random.next() < 0.1 ? 5000 : 50 + 3 * random.normal()), 50],
    ["uniform", () => random.next(), 0.5],
  ])("%s", (_, draw, middle) => {
    const samples = drawn(5000, draw);
    const { median, spread } = learned(samples);
    const exact = medianAbsoluteDeviation(samples) * 1.4826;
    expect(Math.abs(median - middle)).toBeLessThan(exact);
    expect(spread / exact).toBeGreaterThan(0.7);
    // Wild samples stretch it by less than their share of the clipped mean.
    expect(spread / exact).toBeLessThan(2);
  });
});

it("a thousandfold change of scale is followed within a few hundred samples, up and down", () => {
  for (const factor of [1000, 1 / 1000]) {
    const { spread } = learned(Float64Array.from([...drawn(1000, () => random.normal()), ...drawn(2500, () => factor * random.normal())]));
    expect(spread / factor).toBeGreaterThan(0.5);
    expect(spread / factor).toBeLessThan(2);
  }
});

it("a flat line has no spread, and one that is mostly flat still has some", () => {
  expect(learned(new Float64Array(500).fill(7)).spread).toBe(0);
  expect(learned(drawn(2000, () => (random.next() < 0.05 ? 10 : 0))).spread).toBeGreaterThan(0.05);
});
