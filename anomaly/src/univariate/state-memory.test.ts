import fc from "fast-check";
import { expect, it } from "vitest";
import { StateMemory } from "./state-memory.ts";

it("measures from the nearest state that it knows, in ranges of the series", () => {
  const memory = new StateMemory(8, 0.1);
  expect(memory.distance(5, 5, 1)).toBe(0);
  memory.learn(0, 0, 0.1);
  memory.learn(10, 0, 0.1);
  expect(memory.distance(10, 4, 0.1)).toBeCloseTo(0.4 / Math.SQRT2, 12);
  expect(memory.distance(10, 4, 0.05)).toBeCloseTo(0.2 / Math.SQRT2, 12);
});

it("keeps one point for states that are closer than the radius", () => {
  const memory = new StateMemory(8, 0.1);
  for (const first of [0, 0.05, 0.1, 0.5]) memory.learn(first, 0, 1);
  expect(memory.points).toBe(2);
});

it("gives up the state that it met longest ago when it is full", () => {
  const memory = new StateMemory(2, 0.1);
  memory.learn(0, 0, 1);
  memory.learn(5, 0, 1);
  memory.meet(0, 0, 1);
  memory.learn(9, 0, 1);
  expect(memory.points).toBe(2);
  expect(memory.distance(0, 0, 1)).toBe(0);
  expect(memory.distance(9, 0, 1)).toBe(0);
  expect(memory.distance(5, 0, 1)).toBeGreaterThan(2);
});

it("covers what it learned: no state of the past is farther than the radius while there is room", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })), { maxLength: 60 }), (states) => {
      const memory = new StateMemory(60, 0.05);
      for (const [first, second] of states) memory.learn(first, second, 1);
      for (const [first, second] of states) expect(memory.distance(first, second, 1)).toBeLessThanOrEqual(0.05);
    }),
  );
});
