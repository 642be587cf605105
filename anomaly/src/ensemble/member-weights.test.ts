import { describe, expect, it } from "vitest";
import { MemberWeights } from "./member-weights.ts";

it("a member that saw the incidents gains say, one that raised false alarms loses it", () => {
  const learned = new MemberWeights(3);
  for (let round = 0; round < 10; round++) {
    learned.update([1e-5, 0.5, 0.3], true);
    learned.update([0.4, 1e-5, 0.3], false);
  }
  const [saw = 0, cried = 0, quiet = 0] = learned.weights;
  expect(saw).toBeGreaterThan(2);
  expect(cried).toBeLessThan(0.1);
  expect(quiet).toBeGreaterThan(cried);
  expect(saw + cried + quiet).toBeCloseTo(3, 9);
});

it("nobody is ever silenced for good", () => {
  const learned = new MemberWeights(2);
  for (let round = 0; round < 1000; round++) learned.update([1e-6, 1], true);
  expect(learned.weights[1]).toBeGreaterThanOrEqual(0.02);
  for (let round = 0; round < 20; round++) learned.update([1, 1e-6], true);
  expect(learned.weights[1]).toBeGreaterThan(1);
});

it("without feedback all are equal", () => expect([...new MemberWeights(4).weights]).toEqual([1, 1, 1, 1]));

it("goes on from a snapshot", () => {
  const learned = new MemberWeights(2, { rate: 0.3 });
  learned.update([0.01, 0.5], true);
  const restored = MemberWeights.restore(learned.snapshot());
  for (const each of [learned, restored]) each.update([0.2, 1e-4], false);
  expect([...restored.weights]).toEqual([...learned.weights]);
});

describe("refuses", () => {
  const learned = new MemberWeights(2);
  it.each([
    ["too few p-values", () => learned.update([0.1], true), "1 p-values for 2 members"],
    ["what is no p-value", () => learned.update([0.1, Number.NaN], true), "member 1 is NaN"],
    ["no members", () => new MemberWeights(0), "members is 0"],
    ["a negative rate", () => new MemberWeights(2, { rate: -1 }), "rate is -1"],
    ["a share of all", () => new MemberWeights(2, { share: 1 }), "share is 1"],
  ])("%s", (_, act, message) => expect(act).toThrow(message));
});
