import { expect, it } from "vitest";
import { createRandom } from "../../src/index.ts";
import { Chance } from "./chance.ts";
import { effect, isWeekend, lasting, slowNoise } from "./kind.ts";

const incident = (from: number, type: number, size: number) => ({ from, until: from + 5, type, size });

it("keeps the level that an incident of the lasting type has moved, up from an odd row and down from an even one", () => {
  const chance = new Chance(createRandom(1));
  const shift = lasting({ chance, day: 288, incidents: [incident(101, 5, 1.5), incident(200, 5, 1), incident(300, 4, 9)] }, 5);
  expect([100, 101, 150, 200, 5000].map(shift)).toEqual([0, 1.5, 1.5, 0.5, 0.5]);
});

it("takes the effect of the incident's type, and none where there is none", () => {
  expect(effect(undefined, 1, 7, 8)).toBe(1);
  expect(effect(incident(0, 1, 1), 1, 7, 8)).toBe(8);
  expect(effect(incident(0, 2, 1), 1, 7, 8)).toBe(1);
});

it("has noise of variance 1, however long it remembers", () => {
  for (const seed of [1, 2, 3]) {
    const noise = slowNoise(new Chance(createRandom(seed)));
    const squares = Array.from({ length: 50_000 }, () => noise() ** 2);
    expect(Math.abs(squares.reduce((sum, square) => sum + square, 0) / squares.length - 1)).toBeLessThan(0.15);
  }
});

it("ends a week with two days of weekend", () => {
  expect([0, 4, 5, 6, 7].map((day) => isWeekend(day * 288 + 10, 288))).toEqual([false, false, true, true, false]);
});
