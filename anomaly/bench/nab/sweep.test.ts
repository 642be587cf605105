import fc from "fast-check";
import { expect, it } from "vitest";
import { InputError } from "../../src/input-error.ts";
import { normalised, optimum, type Scored, sumAt, sumsOf, sweepOf } from "./sweep.ts";
import { scaledSigmoid, worthOf } from "./worth.ts";

const costs = { tp: 1, fp: 0.11, fn: 1 };

/** 100 rows, one window, a score at some rows and 0 elsewhere. */
function scored(at: Readonly<Record<number, number>>, windows = [{ first: 50, last: 59 }]): Scored {
  const scores = new Float64Array(100);
  for (const [row, score] of Object.entries(at)) scores[Number(row)] = score;
  return { worth: worthOf(100, windows), scores };
}

it("gives silence 0 and the perfect detector 100", () => {
  const reached = (...series: Scored[]): number => normalised(sumAt(sweepOf(series), costs, 1).score, series.length, costs);
  expect(reached(scored({}), scored({}))).toBe(0);
  expect(reached(scored({ 50: 1 }), scored({}))).toBe(50);
  expect(reached(scored({ 50: 1 }), scored({ 50: 1 }))).toBe(100);
});

it("counts the best detection of a window once, and every false one", () => {
  const sweep = sweepOf([scored({ 30: 0.9, 31: 0.9, 52: 0.8, 58: 0.9 })]);
  expect(sumAt(sweep, costs, 0.9)).toMatchObject({ tp: 1, fp: 2, fn: 9, tn: 85 - 10 - 2 });
  expect(sumAt(sweep, costs, 0.9).score).toBeCloseTo(-0.22 + scaledSigmoid(-0.2) / scaledSigmoid(-1), 12);
  expect(sumAt(sweep, costs, 0.8).score).toBeCloseTo(-0.22 + scaledSigmoid(-0.8) / scaledSigmoid(-1), 12);
});

it("does not count what comes in the probation", () => {
  expect(sumAt(sweepOf([scored({ 14: 1 })]), costs, 1)).toMatchObject({ fp: 0, score: -1 });
  expect(sumAt(sweepOf([scored({ 15: 1 })]), costs, 1)).toMatchObject({ fp: 1, score: -1.11 });
});

it("chooses one threshold for all series: the one with the greatest sum", () => {
  const sweep = sweepOf([scored({ 50: 0.7, 20: 0.6 }), scored({ 50: 0.6, 20: 0.5 })]);
  const best = optimum(sweep, costs);
  expect(best.threshold).toBe(0.6);
  expect(best.score).toBeCloseTo(2 - 0.11, 12);
  expect(optimum(sweep, { tp: 1, fp: 3, fn: 1 }).threshold).toBe(0.7);
});

it("prefers silence, at a threshold that no score reaches, to a detector that is worth less", () => {
  expect(optimum(sweepOf([scored({ 20: 1 })]), costs)).toMatchObject({ threshold: 1.1, score: -1 });
});

it("has no better threshold than its optimum, and adds up what single series add up to", () => {
  const series = fc.array(fc.array(fc.integer({ min: 0, max: 10 }), { minLength: 100, maxLength: 100 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(series, (all) => {
      const parts = all.map((levels, index) => ({
        worth: worthOf(100, index % 2 === 0 ? [{ first: 50, last: 59 }] : []),
        scores: Float64Array.from(levels, (level) => level / 10),
      }));
      const sweep = sweepOf(parts);
      const best = optimum(sweep, costs).score;
      for (const { threshold, score } of sumsOf(sweep, costs)) {
        expect(score).toBeLessThanOrEqual(best);
        expect(parts.reduce((sum, part) => sum + sumAt(sweepOf([part]), costs, threshold).score, 0)).toBeCloseTo(score, 9);
      }
    }),
    { numRuns: 30 },
  );
});

it("refuses a score that is none", () => {
  expect(() => sweepOf([scored({ 20: Number.NaN })])).toThrow(InputError);
  expect(() => sweepOf([scored({ 20: 1.5 })])).toThrow("series 0, row 20: a score is in [0, 1], got 1.5");
  expect(() => sweepOf([{ worth: worthOf(100, []), scores: new Float64Array(99) }])).toThrow("100 rows but 99 scores");
});
