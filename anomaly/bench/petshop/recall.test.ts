import { describe, expect, it } from "vitest";
import { recallAt, wilson } from "./recall.ts";

describe("recall among the first", () => {
  const ranking = [
    { node: "a", score: 3 },
    { node: "b", score: 2 },
    { node: "c", score: 2 },
    { node: "d", score: 2 },
    { node: "a", score: 1 },
  ];
  it("finds what is best", () => expect(recallAt(ranking, "a", 1)).toBe(1));
  it("does not find what is worse, or not ranked", () => expect([recallAt(ranking, "b", 1), recallAt(ranking, "z", 3)]).toEqual([0, 0]));
  it("of equal ones is the share of places left, whatever their order", () => {
    expect(recallAt(ranking, "b", 3)).toBeCloseTo(2 / 3, 12);
    expect(recallAt(ranking.toReversed(), "d", 3)).toBeCloseTo(2 / 3, 12);
    expect(recallAt(ranking, "c", 4)).toBe(1);
  });
  it("with infinite scores, and of an empty ranking, is right as well", () => {
    expect(
      recallAt(
        [
          { node: "a", score: Number.POSITIVE_INFINITY },
          { node: "b", score: Number.POSITIVE_INFINITY },
        ],
        "a",
        1,
      ),
    ).toBe(0.5);
    expect(recallAt([], "a", 3)).toBe(0);
  });
});

it("the ends of Wilson's interval are the shares from which what was seen is 1.96 deviations away", () => {
  for (const end of wilson(17, 26)) expect(Math.abs(17 / 26 - end) / Math.sqrt((end * (1 - end)) / 26)).toBeCloseTo(1.959964, 6);
  expect(wilson(0, 10)[0]).toBeCloseTo(0, 12);
  expect(wilson(10, 10)[1]).toBeCloseTo(1, 12);
});
