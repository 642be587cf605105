import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom } from "../random.ts";
import { addScore, BINS, binOf, conformalP, EDGES, HISTOGRAM_FIELDS, MAX_SCORE, scaleWeights } from "./decayed-histogram.ts";
import { tailP } from "./tail-probability.ts";

it("a score lies in the bin whose edges hold it", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: MAX_SCORE, noNaN: true }), (exact) => {
      const score = Math.fround(exact);
      const bin = binOf(score);
      expect(EDGES[bin]).toBeLessThanOrEqual(score);
      expect(EDGES[bin + 1]).toBeGreaterThan(score);
    }),
  );
  expect([binOf(0), binOf(0.99), binOf(1e9), EDGES[BINS]]).toEqual([0, 0, BINS - 1, 56]);
});

describe("exchangeable scores", () => {
  /** How many of 200,000 pushes have a p-value of at most each level. */
  function shares(draw: () => number, levels: readonly number[], p: typeof conformalP): number[] {
    const state = new Float32Array(HISTOGRAM_FIELDS);
    const counts = levels.map(() => 0);
    const pushes = 200_000;
    for (let push = 0; push < pushes; push++) {
      const score = Math.min(MAX_SCORE, draw());
      const own = p(state, 0, score, 1);
      for (const [index, level] of levels.entries()) if (push >= 1000 && own <= level) counts[index] = (counts[index] as number) + 1;
      addScore(state, 0, score, 1);
    }
    return counts.map((count, index) => count / (pushes - 1000) / (levels[index] as number));
  }
  const random = createRandom(12);
  it.each([
    ["normal", () => Math.abs(random.normal())],
    ["exponential", () => -Math.log(1 - random.next())],
    ["heavy", () => Math.abs(random.normal()) / Math.sqrt((random.normal() ** 2 + random.normal() ** 2 + random.normal() ** 2) / 3)],
  ])("that are %s have p-values as often below a level as the level says", (_, draw) => {
    const [half = 0, ...small] = shares(draw, [0.5, 0.1, 0.01], conformalP);
    // The first bin is wide: there a p-value may be a little too large.
    expect(half > 0.8 && half < 1.03).toBe(true);
    for (const ratio of small) expect(Math.abs(ratio - 1)).toBeLessThan(0.1);
    const beyond = shares(draw, [1e-2, 1e-3, 1e-4], (state, at, score, weight) => tailP(state, at, score, weight, "square", 0.3));
    for (const ratio of beyond) expect(ratio > 0.4 && ratio < 1.9, String(ratio)).toBe(true);
  });
});

it("old scores fade: what was usual long ago is no longer", () => {
  const state = new Float32Array(HISTOGRAM_FIELDS);
  let weight = 1;
  const learn = (score: number, times: number): void => {
    for (let time = 0; time < times; time++) {
      addScore(state, 0, score, weight);
      weight *= 1 / (1 - 1 / 200);
    }
  };
  learn(10, 500);
  learn(1.5, 100);
  const soon = conformalP(state, 0, 10, weight);
  learn(1.5, 1000);
  expect(soon).toBeGreaterThan(0.4);
  expect(conformalP(state, 0, 10, weight)).toBeLessThan(0.01);
});

it("scaling all weights changes no p-value", () => {
  const random = createRandom(2);
  const state = new Float32Array(HISTOGRAM_FIELDS);
  for (let push = 0; push < 3000; push++) addScore(state, 0, Math.abs(random.normal()) * 2, 4);
  const scaled = state.slice();
  scaleWeights(scaled, 0, 1 / 4);
  for (const score of [0, 0.5, 2, 5, 9, 30]) expect(tailP(scaled, 0, score, 1, "square", 0.2)).toBe(tailP(state, 0, score, 4, "square", 0.2));
});

it("p-values never rise with the score, never leave (0, 1], and are 1 where nothing is known", () => {
  expect(conformalP(new Float32Array(HISTOGRAM_FIELDS), 0, 5, 1)).toBe(1);
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: MAX_SCORE, noNaN: true }), { minLength: 1, maxLength: 400 }), fc.boolean(), (scores, plain) => {
      const state = new Float32Array(HISTOGRAM_FIELDS);
      for (const score of scores) addScore(state, 0, score, 1);
      let last = 1;
      for (let score = 0; score < MAX_SCORE; score += 0.37) {
        const p = tailP(state, 0, score, 1, plain ? "plain" : "square", 0.3);
        expect(p > 0 && p <= last + 0.02).toBe(true);
        last = p;
      }
    }),
  );
});
