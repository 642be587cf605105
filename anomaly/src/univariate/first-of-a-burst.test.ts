import fc from "fast-check";
import { expect, it } from "vitest";
import { FirstOfABurst } from "./first-of-a-burst.ts";

const counted = (scores: readonly number[], least: number, margin = 0.25): number[] => {
  const burst = new FirstOfABurst({ least, most: least, share: 0, margin });
  return scores.map((score) => burst.push(score));
};

it("counts the first score of a burst, and one in it that is larger by the margin", () => {
  expect(counted([0, 0.4, 0.4, 0.45, 0.6, 0.2], 10)).toEqual([0, 0.4, 0, 0, 0.6, 0]);
});

it("counts again when the quiet time is over", () => {
  expect(counted([0.4, 0, 0, 0.4, 0, 0, 0, 0.4], 3)).toEqual([0.4, 0, 0, 0, 0, 0, 0, 0.4]);
});

it("is quiet for longer when it has seen more", () => {
  const burst = new FirstOfABurst({ least: 1, most: 50, share: 0.5, margin: 0 });
  for (let sample = 0; sample < 20; sample++) burst.push(0);
  burst.push(0.4);
  const again = [5, 40].map((after) => {
    for (let sample = 1; sample < after; sample++) burst.push(0);
    return burst.push(0.4);
  });
  expect(again).toEqual([0, 0.4]);
});

it("stays quiet as long as the scores last", () => {
  expect(
    counted(
      Array.from({ length: 30 }, () => 0.4),
      5,
    ).slice(1),
  ).toEqual(Array.from({ length: 29 }, () => 0));
});

it("agrees with looking through all of the quiet time", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 80 }), fc.integer({ min: 0, max: 12 }), (levels, quiet) => {
      const scores = levels.map((level) => level / 10);
      const plain = scores.map((score, sample) => (score > 1.25 * Math.max(0, ...scores.slice(Math.max(0, sample - quiet), sample)) ? score : 0));
      expect(counted(scores, quiet)).toEqual(plain);
    }),
  );
});
