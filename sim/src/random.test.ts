import { describe, expect, test } from "vitest";
import { createRandom } from "./random.ts";

describe("seeded randomness", () => {
  test("the same seed draws the same numbers, another seed others", () => {
    const draw = (seed: string) => Array.from({ length: 20 }, createRandom(seed).next);
    expect(draw("a")).toEqual(draw("a"));
    expect(draw("a")).not.toEqual(draw("b"));
  });

  test("a fork does not depend on what was drawn before", () => {
    const fresh = createRandom(7);
    const used = createRandom(7);
    for (let i = 0; i < 100; i += 1) used.next();
    expect(used.fork("x").next()).toBe(fresh.fork("x").next());
    expect(fresh.fork("x").next()).not.toBe(fresh.fork("y").next());
  });

  test("is uniform enough: each of 16 cells gets its share of 64,000 draws (chi-squared below the 99.9 % point, 37.7)", () => {
    const random = createRandom("uniform");
    const cells = new Array<number>(16).fill(0);
    for (let i = 0; i < 64_000; i += 1) {
      const cell = Math.floor(random.next() * 16);
      cells[cell] = (cells[cell] ?? 0) + 1;
    }
    const chi = cells.reduce((sum, count) => sum + (count - 4000) ** 2 / 4000, 0);
    expect(chi).toBeLessThan(37.7);
  });

  test("between includes both ends, and picking from nothing is an error", () => {
    const random = createRandom(1);
    expect(new Set(Array.from({ length: 200 }, () => random.between(2, 4)))).toEqual(new Set([2, 3, 4]));
    expect(() => random.pick([])).toThrow("nothing to pick from");
  });
});
