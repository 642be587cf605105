import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom } from "../random.ts";
import { combineP, cotangentOfPi, pOfCotangent, votesOf } from "./cauchy.ts";

interface Case {
  readonly p: number[];
  readonly weights: number[];
  readonly combined: number;
}

const { cases } = JSON.parse(readFileSync(new URL("fixtures/cauchy.json", import.meta.url), "utf8")) as { cases: Case[] };

it.each(cases)("$p with weights $weights are combined as by scipy's Cauchy distribution", ({ p, weights, combined }) => {
  expect(Math.abs(combineP(Float64Array.from(p), p.length, Float64Array.from(weights)) / combined - 1)).toBeLessThan(1e-9);
});

it("cotangent and its inverse undo each other, from the smallest p to the largest", () => {
  fc.assert(
    fc.property(fc.double({ min: -690, max: -1e-9, noNaN: true }), (log) => {
      const p = Math.exp(log);
      expect(Math.abs(pOfCotangent(cotangentOfPi(p)) / p - 1)).toBeLessThan(1e-9);
      expect(Math.abs(cotangentOfPi(p) * Math.tan(Math.PI * p) - 1)).toBeLessThan(1e-6);
    }),
  );
  expect([pOfCotangent(0), pOfCotangent(Number.POSITIVE_INFINITY)]).toEqual([0.5, 0]);
});

describe("the combination", () => {
  const flat = new Float64Array(6).fill(1);
  it("of independent members is a p-value again", () => {
    const random = createRandom(6);
    const p = new Float64Array(6);
    let below = 0;
    for (let round = 0; round < 50_000; round++) {
      for (let member = 0; member < 6; member++) p[member] = random.next();
      if (combineP(p, 6, flat) <= 0.01) below++;
    }
    expect(below).toBeGreaterThan(420);
    expect(below).toBeLessThan(580);
  });
  it("of one member six times over is still one in its tail: nobody is counted twice", () => {
    for (const p of [1e-2, 1e-6, 1e-12]) expect(Math.abs(combineP(new Float64Array(6).fill(p), 6, flat) / p - 1)).toBeLessThan(1e-9);
  });
  it("hears one sure member among five that see nothing", () => {
    expect(combineP(Float64Array.of(1e-9, 0.9, 1, 0.99, 0.8, 1), 6, flat)).toBeLessThan(1e-8);
  });
  it("does not ask who has no weight, and is 1 where nobody has", () => {
    expect(combineP(Float64Array.of(1e-9, 0.4), 2, Float64Array.of(0, 1))).toBeCloseTo(0.4, 12);
    expect(combineP(Float64Array.of(1e-9, 0.4), 2, Float64Array.of(0, 0))).toBe(1);
  });
  it("does not ask who has no p-value", () => {
    expect(combineP(Float64Array.of(Number.NaN, 0.4), 2, flat)).toBeCloseTo(0.4, 12);
    expect(combineP(Float64Array.of(Number.NaN), 1, flat)).toBe(1);
  });
  it("is voted for by whoever is as sure, and by all below the level", () => {
    expect(votesOf(Float64Array.of(0.3, 1e-5, 0.0005), 3, 1e-4, 0.001)).toBe(0b110);
    expect(votesOf(Float64Array.of(0.3, 0.02, 0.5), 3, 0.05, 0.001)).toBe(0b010);
  });
});
