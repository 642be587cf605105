import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom } from "../random.ts";
import { HoltWinters, type HoltWintersParams } from "./holt-winters.ts";

interface Case {
  readonly name: string;
  readonly values: number[];
  readonly period: number;
  readonly trend: "none" | "additive" | "damped";
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
  readonly phi: number;
  readonly level: number;
  readonly slope: number;
  readonly season: number[];
  readonly fitted: number[];
  readonly sse: number;
  readonly mean: number[];
  readonly lower: number[];
  readonly upper: number[];
  readonly heuristicSse: number;
}

const { cases } = JSON.parse(readFileSync(new URL("fixtures/holt-winters.json", import.meta.url), "utf8")) as { cases: Case[] };

function paramsOf({ period, trend, alpha, beta, gamma, phi, level, slope, season }: Case): HoltWintersParams {
  const known = { alpha, gamma, ...(trend === "none" ? {} : { beta }), ...(trend === "damped" ? { phi } : {}) };
  return { period, trend, clip: Number.POSITIVE_INFINITY, ...known, initial: { level, slope, season } };
}

describe.each(cases.map((each) => [each.name, each] as const))("%s, beside statsmodels", (_, reference) => {
  const values = Float64Array.from(reference.values);
  it("with given rates and state forecasts the same, with the same intervals", () => {
    const { mean, lower, upper } = HoltWinters.fit(values, paramsOf(reference)).forecast(reference.mean.length, 0.9);
    reference.mean.forEach((value, step) => {
      expect(mean[step]).toBeCloseTo(value, 8);
      expect(lower[step]).toBeCloseTo(reference.lower[step] as number, 6);
      expect(upper[step]).toBeCloseTo(reference.upper[step] as number, 6);
    });
  });
  it("with given rates and state has the same squared errors", () => {
    const { deviation } = HoltWinters.fit(values, paramsOf(reference));
    expect(deviation ** 2 * values.length).toBeCloseTo(reference.sse, 6);
  });
  it("fits rates with squared errors no more than a tenth above those of statsmodels, which may choose among more first states", () => {
    const { deviation } = HoltWinters.fit(values, { period: reference.period, trend: reference.trend, clip: Number.POSITIVE_INFINITY });
    expect(deviation ** 2 * values.length).toBeLessThan(1.1 * reference.heuristicSse);
  });
});

function daily(days: number, seed = 5, noise = 1): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length: days * 24 }, (_, hour) => 40 + 8 * Math.sin((2 * Math.PI * hour) / 24) + noise * random.normal());
}

it("one outlier moves it little, and is seen for what it is", () => {
  const model = HoltWinters.fit(daily(14), { period: 24 });
  const before = model.forecast(24).mean;
  const next = before[0] as number;
  expect(model.update(next + 100)).toBeGreaterThan(50);
  const after = model.forecast(23).mean;
  after.forEach((value, step) => {
    expect(Math.abs(value - (before[step + 1] as number))).toBeLessThan(3);
  });
});

it("outliers in what it is fitted on change the fit little", () => {
  const clean = daily(14);
  const broken = clean.map((value, hour) => (hour % 67 === 40 ? value * 10 : value));
  const [before, after] = [HoltWinters.fit(clean, { period: 24 }), HoltWinters.fit(broken, { period: 24 })];
  expect(after.deviation).toBeLessThan(1.8 * before.deviation);
});

it("intervals hold as many true values as they say", () => {
  let held = 0;
  let all = 0;
  for (let seed = 0; seed < 40; seed++) {
    const values = daily(12, seed);
    const { lower, upper } = HoltWinters.fit(values.slice(0, 240), { period: 24 }).forecast(48, 0.9);
    for (let step = 0; step < 48; step++) {
      const value = values[240 + step] as number;
      if (value >= (lower[step] as number) && value <= (upper[step] as number)) held++;
      all++;
    }
  }
  expect(held / all).toBeGreaterThan(0.85);
  expect(held / all).toBeLessThan(0.96);
});

it("missing samples pass: the season goes on", () => {
  const values = daily(14, 1, 0.01);
  const model = HoltWinters.fit(values.subarray(0, 300), { period: 24 });
  for (let hour = 300; hour < 310; hour++) expect(model.update(hour % 2 === 0 ? Number.NaN : Number.POSITIVE_INFINITY)).toBeUndefined();
  expect(model.forecast(1).mean[0]).toBeCloseTo(values[310] as number, 0);
});

it("missing samples make no interval narrower, however many they are", () => {
  const random = createRandom(12);
  const values = daily(25);
  const whole = HoltWinters.fit(values, { period: 24 });
  const gaps = HoltWinters.fit(
    values.map((value) => (random.next() < 0.45 ? Number.NaN : value)),
    { period: 24 },
  );
  expect(gaps.deviation / whole.deviation).toBeGreaterThan(0.85);
  expect(gaps.deviation / whole.deviation).toBeLessThan(1.2);
});

it("answers numbers to whatever it takes", () => {
  const odd = fc.constantFrom(0, 1, 5, -3, 1e-320, 1e139, -1e139, Number.NaN);
  fc.assert(
    fc.property(fc.array(odd, { minLength: 8, maxLength: 60 }), fc.constantFrom(0, 2, 4), (values, period) => {
      fc.pre(values.some((value) => !Number.isNaN(value)));
      const model = HoltWinters.fit(Float64Array.from(values), { period });
      const { mean, lower, upper } = model.forecast(5);
      const error = model.update(3);
      expect([...mean, ...lower, ...upper, error ?? 0].every(Number.isFinite)).toBe(true);
      expect(model.update(1e200)).toBeUndefined();
    }),
  );
});

it("a restored snapshot goes on as the model would", () => {
  const values = daily(14);
  const model = HoltWinters.fit(values.subarray(0, 200), { period: 24 });
  const twin = HoltWinters.restore(model.snapshot());
  for (let hour = 200; hour < 336; hour++) expect(twin.update(values[hour] as number)).toBe(model.update(values[hour] as number));
  expect(twin.forecast(30)).toEqual(model.forecast(30));
});

it("scales and shifts with the series", () => {
  fc.assert(
    fc.property(fc.double({ min: 0.01, max: 100, noNaN: true }), fc.double({ min: -500, max: 500, noNaN: true }), fc.nat(100), (scale, shift, seed) => {
      const values = daily(5, seed);
      const fixed = { period: 24, alpha: 0.3, beta: 0.02, gamma: 0.1, phi: 0.95 };
      const plain = HoltWinters.fit(values, fixed).forecast(24);
      const moved = HoltWinters.fit(
        values.map((value) => value * scale + shift),
        fixed,
      ).forecast(24);
      return plain.upper.every((value, step) => Math.abs(value * scale + shift - (moved.upper[step] as number)) < 1e-6 * (scale + Math.abs(shift) + 1));
    }),
    { numRuns: 50 },
  );
});

it("a constant is forecast as itself, with no width", () => {
  const model = HoltWinters.fit(new Float64Array(60).fill(7), { period: 12 });
  const { mean, lower, upper } = model.forecast(20);
  expect([...mean, ...lower, ...upper].every((value) => Math.abs(value - 7) < 1e-9)).toBe(true);
  expect(model.update(7)).toBe(0);
});

it("a damped trend levels off, an additive one does not", () => {
  const rising = Float64Array.from({ length: 100 }, (_, index) => 5 * index + Math.sin(index * index));
  const damped = HoltWinters.fit(rising, { trend: "damped" }).forecast(1_000).mean;
  const straight = HoltWinters.fit(rising, { trend: "additive" }).forecast(1_000).mean;
  expect((straight[999] as number) - (straight[0] as number)).toBeGreaterThan(4_000);
  expect((damped[999] as number) - (damped[0] as number)).toBeLessThan(1_000);
});

describe("refuses", () => {
  const fit = (values: Float64Array, params?: HoltWintersParams) => () => HoltWinters.fit(values, params);
  it("less than two seasons", () => expect(fit(new Float64Array(20), { period: 12 })).toThrow("20 samples are too few: give at least 24"));
  it("one sample", () => expect(fit(new Float64Array(1))).toThrow("1 samples are too few: give at least 3"));
  it("an infinite value, by its place", () =>
    expect(fit(Float64Array.of(1, 2, Number.NEGATIVE_INFINITY, 3))).toThrow("sample 2 is -Infinity: give numbers within 1e140 of 0"));
  it("nothing but gaps", () => expect(fit(new Float64Array(10).fill(Number.NaN))).toThrow("every sample is missing"));
  it("a rate out of its range", () => expect(fit(new Float64Array(10), { alpha: 1.5 })).toThrow("alpha is 1.5: give a number from 0 to 1"));
  it("rates that make no stable model together", () => {
    expect(fit(new Float64Array(10), { alpha: 0.2, beta: 0.5 })).toThrow("beta is 0.5: give at most alpha, 0.2");
    expect(fit(new Float64Array(10), { period: 2, alpha: 0.5, gamma: 0.6 })).toThrow("gamma is 0.6: give at most 1 - alpha, 0.5");
  });
  it("a season of another length", () =>
    expect(fit(new Float64Array(10), { period: 2, initial: { level: 0, slope: 0, season: [1] } })).toThrow("has 1 phases"));
  it("no step ahead", () => expect(() => HoltWinters.fit(daily(4), { period: 24 }).forecast(0)).toThrow("steps is 0"));
  it("a snapshot of something else", () => expect(() => HoltWinters.restore(new Uint8Array(50))).toThrow("not a snapshot"));
});
