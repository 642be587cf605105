import { expect, it } from "vitest";
import { Backoff } from "./backoff.ts";

const waits = (backoff: Backoff, times: number): number[] => Array.from({ length: times }, () => backoff.next());

it("doubles up to the maximum and starts again after a reset", () => {
  const backoff = new Backoff(100, 1_000, () => 1);
  expect(waits(backoff, 6)).toEqual([100, 200, 400, 800, 1_000, 1_000]);
  backoff.reset();
  expect(waits(backoff, 2)).toEqual([100, 200]);
});

it("spreads over the upper half, and never waits less than the server asked for", () => {
  expect(new Backoff(100, 1_000, () => 0).next()).toBe(50);
  expect(new Backoff(100, 1_000, () => 0).next(7_000)).toBe(7_000);
});

it("stays at the maximum however often it fails", () => {
  const backoff = new Backoff(100, 1_000, () => 1);
  expect(waits(backoff, 5_000).at(-1)).toBe(1_000);
});
