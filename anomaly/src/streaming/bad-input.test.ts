/** What real metrics do, each an input like any other. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom } from "../random.ts";
import { type SeriesKind, StreamBank } from "./stream-bank.ts";

const STEP = 15_000;
const START = Date.UTC(2026, 0, 5);

/** A bank with one series and a clock; `push` gives the p-value. */
function watched(kind: SeriesKind = "gauge") {
  const bank = new StreamBank();
  const slot = bank.open(kind);
  let at = START;
  return {
    bank,
    slot,
    wait: (ms: number) => {
      at += ms;
    },
    push: (value: number): number => {
      at += STEP;
      return bank.push(slot, value, at);
    },
    counts: () => bank.counts(slot),
    last: () => ({ value: bank.answer[1] as number, expected: bank.answer[2] as number }),
  };
}

/** The smallest p-value while values are drawn and pushed. */
function least(series: ReturnType<typeof watched>, count: number, draw: (index: number) => number): number {
  let smallest = 1;
  for (let index = 0; index < count; index++) smallest = Math.min(smallest, series.push(draw(index)));
  return smallest;
}

const random = createRandom(41);
const noise = (): number => 20 + random.normal();

it("NaN and infinities are ignored and counted, as if they had not come", () => {
  const clean = watched();
  const dirty = watched();
  const values = Float64Array.from({ length: 600 }, noise);
  values.forEach((value) => {
    const p = clean.push(value);
    expect(dirty.push(value)).toBe(p);
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e300]) {
      dirty.wait(-STEP);
      expect(dirty.push(bad)).toBe(1);
    }
  });
  expect(dirty.counts()).toEqual({ ...clean.counts(), notFinite: 2400 });
});

it("a second sample for the same time is ignored and counted", () => {
  const series = watched();
  least(series, 300, noise);
  series.wait(-STEP);
  expect(series.push(1e6)).toBe(1);
  expect(series.counts().repeated).toBe(1);
  expect(least(series, 50, noise)).toBeGreaterThan(1e-4);
});

it("a flat line is as usual as can be, its first change is not, and one that flips often is usual again", () => {
  const series = watched();
  expect(least(series, 2000, () => 7)).toBeGreaterThan(0.97);
  expect(series.push(8)).toBeLessThan(2e-3);
  least(series, 3000, (index) => (index % 10 === 0 ? 8 : 7));
  expect(least(series, 200, (index) => (index % 10 === 0 ? 8 : 7))).toBeGreaterThan(1e-3);
});

it("a series that dies, from noise to a flat line, is told", () => {
  const series = watched();
  least(series, 3000, noise);
  expect(least(series, 40, () => 20)).toBeLessThan(2e-3);
});

it("a change of scale is told, and after a while it is the new normal", () => {
  const series = watched();
  least(series, 4000, noise);
  expect(least(series, 5, () => 1000 * noise())).toBeLessThan(1e-3);
  least(series, 16_000, () => 1000 * noise());
  let alarms = 0;
  for (let index = 0; index < 2000; index++) if (series.push(1000 * noise()) < 1e-3) alarms++;
  expect(alarms).toBeLessThan(8);
  // The daily profile has learned the change as well, and forgets it over days.
  expect(Math.abs(series.last().expected / 20_000 - 1)).toBeLessThan(0.2);
});

describe("gaps", () => {
  it("an hour without samples is counted, and what comes after it as before is nothing", () => {
    const series = watched();
    least(series, 3000, noise);
    series.wait(3_600_000);
    expect(least(series, 100, noise)).toBeGreaterThan(1e-4);
    expect(series.counts().gaps).toBe(1);
  });
  it("irregular sampling is no gap", () => {
    const series = watched();
    for (let index = 0; index < 1000; index++) {
      series.wait(random.next() * 1.5 * STEP);
      series.push(noise());
    }
    expect(series.counts().gaps).toBe(0);
  });
});

describe("clock steps", () => {
  it("back: counted, and the series goes on from there with all that it knows", () => {
    const series = watched();
    least(series, 3000, noise);
    series.wait(-7_200_000);
    expect(least(series, 100, noise)).toBeGreaterThan(1e-4);
    expect(series.push(60)).toBeLessThan(1e-3);
    expect(series.counts().clockSteps).toBe(1);
  });
  it("forward by years and back again", () => {
    const series = watched();
    least(series, 3000, noise);
    for (const years of [10, -10]) {
      series.wait(years * 365 * 86_400_000);
      expect(least(series, 100, noise)).toBeGreaterThan(1e-4);
    }
    expect(series.push(60)).toBeLessThan(1e-3);
  });
});

describe("counters", () => {
  it("are watched by their rate per second, whatever the interval", () => {
    const series = watched("counter");
    let total = 1e9;
    least(series, 300, () => (total += 15 * 40));
    expect(series.last().value).toBe(40);
    series.wait(30_000);
    total += 45 * 40;
    series.push(total);
    expect(series.last().value).toBe(40);
  });
  it("that are reset have counted from 0, and no alarm is raised for that", () => {
    const series = watched("counter");
    let total = 5e8;
    const grow = (): number => (total += 15 * (40 + 4 * random.normal()));
    least(series, 3000, grow);
    total = 0;
    expect(least(series, 100, grow)).toBeGreaterThan(1e-4);
    expect(series.counts().counterResets).toBe(1);
    expect(series.last().value).toBeGreaterThan(20);
  });
  it("that grow ten times as fast are told", () => {
    const series = watched("counter");
    let total = 0;
    least(series, 2000, () => (total += 15 * (40 + 4 * random.normal())));
    expect(least(series, 3, () => (total += 15 * 400))).toBeLessThan(1e-3);
  });
  it("give no rate for their first sample, for one after a clock step back, and for a negative one", () => {
    const series = watched("counter");
    series.push(10);
    expect(series.counts().accepted).toBe(0);
    series.push(20);
    series.wait(-600_000);
    series.push(30);
    series.push(-5);
    expect(series.counts()).toMatchObject({ accepted: 1, clockSteps: 1, notFinite: 1 });
    series.push(60);
    expect(series.last().value).toBe(1);
  });
});

it("a time that no calendar holds is refused, and the series stays as it was", () => {
  const bank = new StreamBank();
  const slot = bank.open();
  bank.push(slot, 1, START);
  const before = bank.snapshot();
  expect(() => bank.push(slot, 1, 1e300)).toThrow(`the time of a sample for slot ${slot} is 1e+300: give epoch milliseconds`);
  expect(bank.snapshot()).toEqual(before);
});

it("whatever comes, in whatever order of time, every p-value is in (0, 1]", () => {
  const value = fc.oneof(fc.double(), fc.double({ min: -100, max: 100, noNaN: true }), fc.constantFrom(0, 1, 1e18, -1e18, 5e-324, Number.NaN));
  const sample = fc.tuple(value, fc.oneof(fc.constant(STEP), fc.integer({ min: -1e9, max: 1e12 })));
  fc.assert(
    fc.property(
      fc.array(sample, { minLength: 50, maxLength: 400 }),
      fc.constantFrom<SeriesKind>("gauge", "counter"),
      fc.constantFrom(START, 0, -1, -1e15),
      (samples, kind, start) => {
        const bank = new StreamBank({ learnSamples: 8, warmSamples: 16 });
        const slot = bank.open(kind);
        let at = start;
        for (const [own, elapsed] of samples) {
          at += elapsed;
          const p = bank.push(slot, own, at);
          expect(p > 0 && p <= 1).toBe(true);
          expect([...bank.memberP, ...bank.scores, ...bank.answer].every(Number.isFinite)).toBe(true);
        }
      },
    ),
  );
});
