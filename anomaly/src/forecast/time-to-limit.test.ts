import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom } from "../random.ts";
import { timeToLimit } from "./time-to-limit.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 0, 1);

/** Samples every five minutes. */
function series(hours: number, valueAt: (hour: number, noise: number) => number, seed = 1): { times: Float64Array; values: Float64Array } {
  const random = createRandom(seed);
  const times = Float64Array.from({ length: hours * 12 }, (_, index) => START + index * 5 * MINUTE);
  return { times, values: times.map((time) => valueAt((time - START) / HOUR, random.normal())) };
}

const ask = ({ times, values }: { times: Float64Array; values: Float64Array }, limit: number, period?: number) =>
  timeToLimit(times, values, period === undefined ? { limit } : { limit, period });

it("a disk that fills by a line is full when the line says so", () => {
  const {
    verdict,
    at = 0,
    earliest = 0,
    latest = 0,
    perHour,
  } = ask(
    series(48, (hour, noise) => 100 + 2 * hour + noise),
    400,
  );
  expect(verdict).toBe("growing");
  expect((at - START) / HOUR).toBeCloseTo(150, 0);
  expect(earliest).toBeLessThan(at);
  expect(latest).toBeGreaterThan(at);
  expect(perHour).toBeCloseTo(2, 1);
});

it("the interval holds the truth about as often as it says", () => {
  let held = 0;
  for (let seed = 0; seed < 100; seed++) {
    const { earliest = Number.POSITIVE_INFINITY, latest = 0 } = ask(
      series(24, (hour, noise) => 100 + 2 * hour + 6 * noise, seed),
      200,
    );
    const truth = START + 50 * HOUR;
    if (earliest <= truth && truth <= latest) held++;
  }
  expect(held).toBeGreaterThanOrEqual(85);
});

it("noise around a level is steady, nearly always", () => {
  let growing = 0;
  for (let seed = 0; seed < 300; seed++) {
    const verdict = ask(
      series(24, (_, noise) => 100 + 5 * noise, seed),
      120,
    ).verdict;
    if (verdict === "growing") growing++;
  }
  // Asked for 1 in 100 and one-sided.
  expect(growing).toBeLessThanOrEqual(6);
});

it("a daily cycle is no trend where the cycle is known", () => {
  const rising = series(30, (hour, noise) => 100 - 20 * Math.cos((2 * Math.PI * hour) / 24) + noise);
  expect(ask(rising, 150, DAY).verdict).toBe("steady");
});

it("a disk that is cleaned up each time does not fill", () => {
  expect(
    ask(
      series(50, (hour, noise) => 40 + 5 * (hour % 10) + 0.2 * noise),
      100,
    ).verdict,
  ).toBe("cleaned-up");
});

it("peaks that grow from cleaning to cleaning will get there", () => {
  const leak = series(100, (hour, noise) => 20 + 4 * (hour % 10) + 0.3 * Math.floor(hour / 10) * 10 * 0.5 + 0.2 * noise);
  const { verdict, perHour } = ask(leak, 100);
  expect(verdict).toBe("growing");
  expect(perHour).toBeCloseTo(0.15, 1);
});

it("above its usual peak the cleaning did not come: it fills", () => {
  const { verdict, at = 0 } = ask(
    series(48, (hour, noise) => (hour < 30 ? 40 + 2 * (hour % 10) : 40 + 2 * (hour - 30)) + 0.2 * noise),
    100,
  );
  expect(verdict).toBe("growing");
  expect((at - START) / HOUR).toBeCloseTo(60, 0);
});

it("a leak that began lately is seen, and since when", () => {
  const {
    verdict,
    at = 0,
    since = 0,
  } = ask(
    series(48, (hour, noise) => 100 + (hour > 42 ? 10 * (hour - 42) : 0) + noise),
    300,
  );
  expect(verdict).toBe("growing");
  expect((at - START) / HOUR).toBeCloseTo(62, 0);
  expect((since - START) / HOUR).toBeGreaterThan(40);
});

it("what levelled off is steady", () => {
  expect(
    ask(
      series(48, (hour, noise) => 100 + Math.min(hour, 12) * 5 + noise),
      300,
    ).verdict,
  ).toBe("steady");
});

it("at the limit it is reached", () =>
  expect(
    ask(
      series(10, (hour) => 10 * hour),
      60,
    ).verdict,
  ).toBe("reached"));

it("a constant is steady, and too little is unknown", () => {
  expect(
    ask(
      series(24, () => 5),
      10,
    ).verdict,
  ).toBe("steady");
  expect(
    ask(
      series(0, () => 5),
      10,
    ).verdict,
  ).toBe("unknown");
  expect(timeToLimit(Float64Array.of(START), Float64Array.of(1), { limit: 2 }).verdict).toBe("unknown");
});

it("missing samples and a clock that stepped back change nothing that matters", () => {
  const { times, values } = series(48, (hour, noise) => 100 + 2 * hour + noise);
  const gappy = values.map((value, index) => (index % 3 === 0 || (index > 100 && index < 150) ? Number.NaN : value));
  times[200] = START;
  expect(((timeToLimit(times, gappy, { limit: 400 }).at ?? 0) - START) / HOUR).toBeCloseTo(150, -1);
});

it("units of value do not matter", () => {
  const { times, values } = series(24, (hour, noise) => 10 + hour + noise);
  const plain = timeToLimit(times, values, { limit: 100 });
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), (scale) => {
      const scaled = timeToLimit(
        times,
        values.map((value) => value * scale),
        { limit: 100 * scale },
      );
      return scaled.verdict === plain.verdict && Math.abs((scaled.at ?? 0) - (plain.at ?? 0)) < MINUTE;
    }),
  );
});

describe("refuses", () => {
  const two = Float64Array.of(1, 2);
  it("lengths that differ", () => expect(() => timeToLimit(two, Float64Array.of(1), { limit: 3 })).toThrow("2 times and 1 values"));
  it("an infinite value", () =>
    expect(() => timeToLimit(two, Float64Array.of(1, Number.POSITIVE_INFINITY), { limit: 3 })).toThrow("sample 1 is Infinity: give numbers within 1e140 of 0"));
  it("a limit that is none", () => expect(() => timeToLimit(two, two, { limit: Number.NaN })).toThrow("limit is NaN"));
  it("a level that is none", () => expect(() => timeToLimit(two, two, { limit: 3, level: 95 })).toThrow("level is 95"));
});

it("answers numbers to whatever it takes", () => {
  const sample = fc.tuple(fc.constantFrom(1e-3, 1, 1000, 60_000, 86_400_000), fc.constantFrom(0, 1, 2, 3, Number.NaN, 1e-320, 1e139, -1e139));
  fc.assert(
    fc.property(fc.array(sample, { maxLength: 60 }), fc.constantFrom(0, 10, 1e9, 1e139), fc.constantFrom(0, 1000, 86_400_000), (samples, limit, period) => {
      let at = 0;
      const times = Float64Array.from(samples, ([step]) => (at += step));
      const answer = timeToLimit(
        times,
        Float64Array.from(samples, ([, value]) => value),
        { limit, period },
      );
      expect(Object.values(answer).every((each) => typeof each !== "number" || Number.isFinite(each))).toBe(true);
    }),
  );
});
