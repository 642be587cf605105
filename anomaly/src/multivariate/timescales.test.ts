import { expect, test } from "vitest";
import { createRandom } from "../random.ts";
import { follow, timescalesOf, unusual } from "./timescales.ts";

const random = createRandom(8);
const usual = Float64Array.from({ length: 5000 }, () => 1 + 0.2 * random.normal());

/** The greatest score while `distance` lasts so many samples, after what is usual. */
function greatest(distance: number, samples: number, halfLives: readonly number[]): number {
  const timescales = timescalesOf(usual, halfLives, 0.01);
  let most = Number.NEGATIVE_INFINITY;
  for (let sample = 0; sample < samples; sample++) {
    follow(timescales, distance);
    most = Math.max(most, unusual(timescales));
  }
  return most;
}

test("a half-life of nothing is the sample itself, in deviations of the history", () => {
  expect(greatest(2, 1, [0])).toBeCloseTo(5, 0);
});

test("a mean passes half of a step in its half-life", () => {
  const timescales = timescalesOf(new Float64Array(100), [7], 1);
  for (let sample = 0; sample < 7; sample++) follow(timescales, 1);
  expect(timescales.means[0]).toBeCloseTo(0.5, 12);
});

test("a mild rise that lasts stands out more than one that does not, and a blow at once", () => {
  expect(greatest(1.4, 60, [0, 5, 20])).toBeGreaterThan(3 * greatest(1.4, 1, [0, 5, 20]));
  expect(greatest(5, 1, [0, 5, 20])).toBeGreaterThan(6);
});

test("a history without a spread has the least one", () => {
  const timescales = timescalesOf(new Float64Array(50).fill(3), [0], 0.5);
  follow(timescales, 4);
  expect(unusual(timescales)).toBe(2);
});
