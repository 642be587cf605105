import { expect, test } from "vitest";
import { createRandom } from "../../src/random.ts";
import { alarmsOf } from "./alarms.ts";

const random = createRandom(1);
const calm = (length: number): Float64Array => Float64Array.from({ length }, () => Math.abs(random.normal()));

test("an incident that stands out is one alarm, right, a few minutes late", () => {
  const labels = new Uint8Array(4000).fill(1, 2000, 2060);
  const scores = calm(4000).map((score, row) => score + 30 * labels[row]!);
  const { alarmsPerDay, found, delay, recall, precision, f1 } = alarmsOf(calm(20_000), scores, labels);
  expect(found).toBe("1 of 1");
  expect(delay).toBe(2);
  expect(recall).toBeCloseTo(58 / 60, 12);
  expect(precision).toBeGreaterThan(0.5);
  expect(f1).toBeCloseTo((2 * precision * recall) / (precision + recall), 12);
  expect(alarmsPerDay).toBeLessThan(3);
});

test("scores that know nothing find nothing but by chance", () => {
  const labels = new Uint8Array(20_000).fill(1, 2000, 2060);
  const { alarmsPerDay, found, delay } = alarmsOf(calm(20_000), calm(20_000), labels);
  expect(found).toBe("0 of 1");
  expect(delay).toBeUndefined();
  expect(alarmsPerDay).toBeLessThan(3);
});
