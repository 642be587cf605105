import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../input-error.ts";
import { createRandom } from "../random.ts";
import { type StlParams, stl, strengths } from "./stl.ts";

interface Case {
  readonly name: string;
  readonly period: number;
  readonly options: Readonly<Record<string, number | boolean>>;
  readonly values: number[];
  readonly seasonal: number[];
  readonly trend: number[];
  readonly weights: number[];
}

const { cases } = JSON.parse(readFileSync(new URL("fixtures/stl.json", import.meta.url), "utf8")) as { cases: Case[] };

/** The names of statsmodels, whose defaults are no jumps and no robustness. */
function paramsOf({ period, options }: Case): StlParams {
  const names: Record<string, keyof StlParams> = {
    seasonal: "seasonal",
    trend: "trend",
    robust: "robust",
    seasonal_deg: "seasonalDegree",
    trend_deg: "trendDegree",
    low_pass_deg: "lowPassDegree",
    trend_jump: "trendJump",
    low_pass_jump: "lowPassJump",
  };
  const given = Object.entries(options).flatMap(([name, value]) => (names[name] === undefined ? [] : [[names[name], value]]));
  return { period, robust: false, seasonalJump: 1, trendJump: 1, lowPassJump: 1, ...Object.fromEntries(given) };
}

/** Greatest distance between two series. */
function distance(ours: Float64Array, theirs: readonly number[]): number {
  expect(ours).toHaveLength(theirs.length);
  return Math.max(...theirs.map((value, index) => Math.abs(value - (ours[index] as number))));
}

describe.each(cases.map((each) => [each.name, each] as const))("%s, beside statsmodels", (_, reference) => {
  const { trend, seasonal, weights } = stl(Float64Array.from(reference.values), paramsOf(reference));
  it("has its trend", () => expect(distance(trend, reference.trend)).toBeLessThan(1e-9));
  it("has its season", () => expect(distance(seasonal, reference.seasonal)).toBeLessThan(1e-9));
  it("has its weights", () => expect(distance(weights, reference.weights)).toBeLessThan(1e-9));
});

function daily(days: number, seed = 5): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length: days * 24 }, (_, hour) => 40 + 0.01 * hour + 8 * Math.sin((2 * Math.PI * hour) / 24) + random.normal());
}

it("an outlier stays in the remainder and moves neither trend nor season", () => {
  const clean = daily(14);
  const broken = clean.slice();
  broken[200] = 400;
  const [before, after] = [stl(clean, { period: 24 }), stl(broken, { period: 24 })];
  expect(after.remainder[200]).toBeGreaterThan(300);
  expect(after.weights[200]).toBe(0);
  expect(Math.abs((after.trend[200] as number) - (before.trend[200] as number))).toBeLessThan(0.5);
});

it("jumps change nothing that matters, and cost a tenth", () => {
  const values = daily(28);
  const [fast, exact] = [stl(values, { period: 24 }), stl(values, { period: 24, seasonalJump: 1, trendJump: 1, lowPassJump: 1 })];
  expect(distance(fast.trend, [...exact.trend])).toBeLessThan(0.2);
});

it("bridges missing samples by what is known of their phase", () => {
  const whole = daily(14);
  const gappy = whole.slice();
  for (let hour = 100; hour < 112; hour++) gappy[hour] = Number.NaN;
  const { trend, seasonal, remainder, weights } = stl(gappy, { period: 24 });
  for (let hour = 100; hour < 112; hour++) {
    expect(Math.abs((trend[hour] as number) + (seasonal[hour] as number) - (whole[hour] as number))).toBeLessThan(4);
    expect([remainder[hour], weights[hour]]).toEqual([Number.NaN, 0]);
  }
});

it("bridges a phase that is always missing, and missing ends", () => {
  const values = daily(7).map((value, hour) => (hour % 24 === 3 || hour < 5 || hour > 160 ? Number.NaN : value));
  const { trend, seasonal } = stl(values, { period: 24 });
  expect([...trend, ...seasonal].every(Number.isFinite)).toBe(true);
});

it("scales and shifts with the series", () => {
  fc.assert(
    fc.property(fc.double({ min: 0.01, max: 100, noNaN: true }), fc.double({ min: -1000, max: 1000, noNaN: true }), fc.nat(1_000), (scale, shift, seed) => {
      const values = daily(4, seed);
      const plain = stl(values, { period: 24 });
      const moved = stl(
        values.map((value) => value * scale + shift),
        { period: 24 },
      );
      const expected = [...plain.seasonal].map((value) => value * scale);
      return distance(moved.seasonal, expected) < 1e-6 * (scale + Math.abs(shift));
    }),
    { numRuns: 30 },
  );
});

it("a constant has a trend alone", () => {
  const { trend, seasonal, remainder } = stl(new Float64Array(60).fill(7), { period: 12 });
  expect(distance(trend, new Array(60).fill(7))).toBeLessThan(1e-12);
  expect(Math.max(...seasonal.map(Math.abs), ...remainder.map(Math.abs))).toBeLessThan(1e-12);
});

it("tells strong seasons from none", () => {
  const random = createRandom(1);
  const noise = Float64Array.from({ length: 240 }, () => random.normal());
  expect(strengths(stl(daily(10), { period: 24 })).seasonal).toBeGreaterThan(0.9);
  expect(strengths(stl(noise, { period: 24, robust: false })).seasonal).toBeLessThan(0.6);
});

describe("refuses", () => {
  const refusal = (values: Float64Array, params: StlParams): string => {
    try {
      stl(values, params);
    } catch (error) {
      if (error instanceof InputError) return error.message;
    }
    return "nothing";
  };
  it("less than two seasons", () => expect(refusal(new Float64Array(30), { period: 24 })).toBe("30 samples hold no two seasons of 24: give at least 48"));
  it("one sample", () => expect(refusal(new Float64Array(1), { period: 2 })).toContain("give at least 4"));
  it("a period that is none", () => expect(refusal(new Float64Array(30), { period: 1.5 })).toContain("period is 1.5"));
  it("an even window", () => expect(refusal(new Float64Array(30), { period: 3, seasonal: 8 })).toBe("seasonal is 8: give an odd number from 3"));
  it("an infinite value, by its place", () =>
    expect(refusal(new Float64Array(30).fill(Number.POSITIVE_INFINITY, 9, 10), { period: 3 })).toContain(
      "sample 9 is Infinity: give numbers within 1e140 of 0",
    ));
  it("nothing but gaps", () => expect(refusal(new Float64Array(30).fill(Number.NaN), { period: 3 })).toContain("every sample is missing"));
});
