import { expect } from "vitest";
import type { Told } from "./subject.ts";

/** Equal to four digits, of `unit` where numbers are smaller. */
export function expectNear(found: readonly Told[], expected: readonly Told[], unit = 1): void {
  expect(found.length).toBe(expected.length);
  found.forEach((number, index) => {
    const right = expected[index];
    if (number === undefined || right === undefined) expect(number).toBe(right);
    else if (Math.abs(number - right) > 1e-4 * Math.max(unit, Math.abs(right))) expect([...found]).toEqual([...expected]);
  });
}
