import { expect, it } from "vitest";
import { WindowNovelty } from "./window-novelty.ts";

/** Novelty of each sample in windows of 2 on a scale from 0 to 10. */
function noveltyOf(samples: readonly number[], radius = 0.02): number[] {
  const view = new WindowNovelty(2, 16, radius);
  return samples.map((sample) => view.push(sample, 0.1));
}

it("finds a new level new once, and knows it afterwards", () => {
  const novelty = noveltyOf([1, 1, 1, 1, 1, 9, 9, 9, 9, 9, 1, 1, 1, 9, 9]);
  expect(novelty.slice(0, 5)).toEqual([0, 0, 0, 0, 0]);
  expect(novelty[5]).toBeCloseTo(Math.sqrt((0.4 ** 2 + 0.4 ** 2) / 2), 12);
  expect(novelty[6]).toBeCloseTo(0.8 / Math.SQRT2, 12);
  expect(novelty.slice(9)).toEqual([0, 0, 0, 0, 0, 0]);
});

it("finds new restlessness new where the mean is as ever", () => {
  const novelty = noveltyOf([5, 5, 5, 5, 5, 5, 2, 8, 2, 8]);
  expect(novelty[7]).toBeCloseTo(0.3 / Math.SQRT2, 12);
});

it("says nothing while a series is constant", () => {
  const view = new WindowNovelty(2, 16, 0.02);
  expect([7, 7, 7].map((sample) => view.push(sample, 0))).toEqual([0, 0, 0]);
  expect(view.points).toBe(0);
});
