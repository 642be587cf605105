import { expect, it } from "vitest";
import { combineP } from "./cauchy.ts";
import { OwnerAnswers } from "./owner-answers.ts";

const owners = Int32Array.of(0, 1, 0, 1, 2, 0);
const p = Float64Array.of(0.3, 1e-7, 0.6, 1e-3, 1, 0.2);

it("each owner's answer is the combination of its own series, and silence where all are silent", () => {
  const answers = new OwnerAnswers(3);
  answers.combine(p, owners);
  expect(answers.p[0]).toBeCloseTo(combineP(Float64Array.of(0.3, 0.6, 0.2), 3, Float64Array.of(1, 1, 1)), 12);
  expect(answers.p[1]).toBeCloseTo(combineP(Float64Array.of(1e-7, 1e-3), 2, Float64Array.of(1, 1)), 15);
  expect(answers.p[2]).toBe(1);
});

it("the next tick knows nothing of the last", () => {
  const answers = new OwnerAnswers(3);
  answers.combine(p, owners);
  answers.combine(new Float64Array(6).fill(1), owners);
  expect([...answers.p]).toEqual([1, 1, 1]);
});

it("weights count, and the series that voted are named, surest first", () => {
  const answers = new OwnerAnswers(3);
  answers.combine(p, owners, Float64Array.of(1, 0, 1, 1, 1, 1));
  expect(answers.p[1]).toBeCloseTo(1e-3, 12);
  answers.combine(p, owners);
  expect(answers.voters(1, p, owners, 0.01)).toEqual([1, 3]);
  expect(answers.voters(1, p, owners, 1e-9)).toEqual([1]);
});

it("refuses an owner that there is not", () => {
  expect(() => new OwnerAnswers(2).combine(p, owners)).toThrow("the owner of series 4 is 2: give one from 0 to 1");
  expect(() => new OwnerAnswers(3).combine(p, Int32Array.of(0))).toThrow("6 p-values, 1 owners");
  expect(() => new OwnerAnswers(0)).toThrow("owners is 0");
});
