import fc from "fast-check";
import { expect, it } from "vitest";
import type { Series } from "../nab/corpus.ts";
import { answersOf } from "../nab/ours.ts";
import { sumAt, sweepOf } from "../nab/sweep.ts";
import { worthOf } from "../nab/worth.ts";
import { atOptimum, condensed, leaveOneKindOut } from "./by-kind.ts";

const STANDARD = { name: "standard", tp: 1, fp: 0.11, fn: 1 };
const windows = [
  { first: 30, last: 39 },
  { first: 60, last: 74 },
];
const series: Series = { name: "one", values: new Float64Array(100), times: new Float64Array(100), windows };

it("sums the same without the rows that score nothing, at every threshold above 0", () => {
  const scores = fc.array(fc.constantFrom(0, 0, 0, 0.2, 0.5, 0.9), { minLength: 100, maxLength: 100 });
  fc.assert(
    fc.property(scores, fc.constantFrom(0.1, 0.2, 0.4, 0.5, 0.9, 1), (values, threshold) => {
      const all = { worth: worthOf(100, windows), scores: Float64Array.from(values) };
      expect(sumAt(sweepOf([condensed(all)]), STANDARD, threshold).score).toBeCloseTo(sumAt(sweepOf([all]), STANDARD, threshold).score, 9);
    }),
  );
});

it("gives nothing for silence", () => {
  expect(
    atOptimum(
      answersOf([series], ({ values }) => values),
      STANDARD,
    ),
  ).toEqual({ score: 0, threshold: 1.1 });
});

it("scores a kind at the threshold of the others: a kind that speaks softer than they do is not heard", () => {
  const loud = answersOf([series], ({ values }) => values.map((_, row) => (row === 30 || row === 60 ? 0.9 : row === 50 ? 0.3 : 0)));
  const soft = answersOf([series], ({ values }) => values.map((_, row) => (row === 30 || row === 60 ? 0.2 : 0)));
  const [first, second] = leaveOneKindOut(
    new Map([
      ["loud", loud],
      ["soft", soft],
    ]),
    STANDARD,
  );
  expect(first?.own).toBeCloseTo(100, 9);
  expect(first?.unseen).toBeLessThan(100);
  expect(second).toMatchObject({ kind: "soft", unseen: 0 });
  expect(second?.own).toBeCloseTo(100, 9);
});
