import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom } from "../random.ts";
import { MemoryPeaks } from "./memory-peaks.ts";
import { rightSize } from "./right-size.ts";
import { UsageHistogram } from "./usage-histogram.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const GIB = 1024 ** 3;

describe("the histogram", () => {
  const usages = fc.array(fc.double({ min: 0.01, max: 900, noNaN: true }), { minLength: 1, maxLength: 200 });

  it("has percentiles right to within its growth", () => {
    fc.assert(
      fc.property(usages, fc.double({ min: 0.01, max: 1, noNaN: true }), (values, share) => {
        const histogram = new UsageHistogram({ halfLife: Number.POSITIVE_INFINITY });
        for (const value of values) histogram.add(value, 0);
        const exact = values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(share * values.length - 1e-9) - 1)] as number;
        const found = histogram.percentile(share) as number;
        return found >= exact * 0.999999 && found <= exact * 1.0500001;
      }),
    );
  });

  it("does not care in which order samples come", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.double({ min: 0, max: 10, noNaN: true }), fc.nat(90 * 24)), { minLength: 1 }), (samples) => {
        const [forward, backward] = [new UsageHistogram(), new UsageHistogram()];
        for (const [value, hour] of samples) forward.add(value, hour * HOUR);
        for (const [value, hour] of samples.toReversed()) backward.add(value, hour * HOUR);
        const least = (histogram: UsageHistogram): number | undefined => histogram.percentile(0);
        const most = (histogram: UsageHistogram): number | undefined => histogram.percentile(1);
        return least(forward) === least(backward) && most(forward) === most(backward) && forward.span === backward.span;
      }),
    );
  });

  it("begins anew when a clock that was years ahead is set back", () => {
    const histogram = new UsageHistogram();
    for (let hour = 0; hour < 48; hour++) histogram.add(1, hour * HOUR);
    histogram.add(0.1, 12 * 365 * DAY);
    for (let hour = 48; hour < 96; hour++) histogram.add(5, hour * HOUR);
    expect(histogram.percentile(0.9)).toBeCloseTo(5, 0);
    expect(histogram.span).toBe(47 * HOUR);
  });

  it("leaves out a weight that is no number", () => {
    const histogram = new UsageHistogram();
    expect(histogram.add(1, 0, Number.NaN)).toBe(false);
    expect(histogram.percentile(0.9)).toBeUndefined();
  });

  it("forgets half in a half-life", () => {
    const histogram = new UsageHistogram();
    for (let hour = 0; hour < 24; hour++) histogram.add(8, hour * HOUR);
    for (let hour = 24; hour < 5 * 24; hour++) histogram.add(1, hour * HOUR);
    expect(histogram.percentile(0.9)).toBeCloseTo(1, 1);
    expect(histogram.percentile(1)).toBeCloseTo(8, 0);
  });

  it("goes on for years", () => {
    const histogram = new UsageHistogram();
    for (let day = 0; day < 3_000; day++) histogram.add(day < 2_990 ? 4 : 2, day * DAY);
    expect(histogram.percentile(0.5)).toBeCloseTo(2, 0);
  });

  it("restores to the same", () => {
    const histogram = new UsageHistogram();
    for (let hour = 0; hour < 50; hour++) histogram.add(hour / 10, hour * HOUR);
    const twin = UsageHistogram.restore(histogram.snapshot());
    for (const each of [histogram, twin]) each.add(9, 60 * HOUR);
    expect(twin.snapshot()).toEqual(histogram.snapshot());
    expect(() => UsageHistogram.restore(histogram.snapshot(), { growth: 1.1 })).toThrow("restore it with these");
  });

  it("leaves out what is no usage, and says so", () => {
    const histogram = new UsageHistogram();
    expect([Number.NaN, Number.POSITIVE_INFINITY, -1].map((value) => histogram.add(value, 0))).toEqual([false, false, false]);
    expect(histogram.percentile(0.5)).toBeUndefined();
  });
});

describe("the right size", () => {
  const busy = (days: number): UsageHistogram => {
    const histogram = new UsageHistogram();
    const random = createRandom(1);
    for (let minute = 0; minute < days * 1_440; minute += 5) histogram.add(0.2 + 0.1 * random.next(), minute * 60_000);
    return histogram;
  };

  it("covers the asked share with a margin", () => {
    const { request, days } = rightSize(busy(7)) ?? { request: 0, days: 0 };
    expect(request / (0.29 * 1.15)).toBeGreaterThan(0.99);
    expect(request / (0.29 * 1.15)).toBeLessThan(1.06);
    expect(days).toBeCloseTo(7, 1);
  });

  it("keeps what is about right, and is surer after a week than after an hour", () => {
    const week = busy(7);
    expect([0.1, 0.3, 4].map((current) => rightSize(week, { current })?.advice)).toEqual(["raise", "keep", "lower"]);
    expect(rightSize(busy(1 / 24), { current: 4 })?.advice).toBe("keep");
  });

  it("is never below the least, and lower <= request <= upper", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 50, noNaN: true }), { minLength: 1 }),
        fc.double({ min: 0, max: 2, noNaN: true }),
        fc.double({ min: 0.1, max: 1, noNaN: true }),
        (values, least, target) => {
          const histogram = new UsageHistogram();
          values.forEach((value, index) => {
            histogram.add(value, index * HOUR);
          });
          const size = rightSize(histogram, { least, target });
          return size !== undefined && size.request >= least && size.lower <= size.request && size.request <= size.upper;
        },
      ),
    );
  });

  it("of nothing is unknown", () => expect(rightSize(new UsageHistogram())).toBeUndefined());
  it("refuses a share that is none", () => expect(() => rightSize(new UsageHistogram(), { target: 90 })).toThrow("target is 90"));
});

describe("memory", () => {
  const memory = (): UsageHistogram => new UsageHistogram({ first: 1e7, most: 1e12, halfLife: DAY });

  it("counts the peak of each day once", () => {
    const histogram = memory();
    const peaks = new MemoryPeaks(histogram);
    for (let day = 0; day < 5; day++) for (let hour = 0; hour < 24; hour++) peaks.add(hour === 20 ? 3 * GIB : GIB, day * DAY + hour * HOUR);
    expect(histogram.percentile(0.01)).toBeGreaterThan(2.9 * GIB);
  });

  it("asks for more after a kill than the container had", () => {
    const histogram = memory();
    const peaks = new MemoryPeaks(histogram);
    peaks.add(GIB, 0);
    peaks.killed(GIB, HOUR);
    expect(rightSize(histogram, { target: 1, margin: 0 })?.request).toBeGreaterThan(1.2 * GIB);
  });

  it("leaves out what is missing, negative or of a day that is over", () => {
    const peaks = new MemoryPeaks(memory());
    expect([peaks.add(GIB, 2 * DAY), peaks.add(Number.NaN, 2 * DAY), peaks.add(-1, 2 * DAY), peaks.add(9 * GIB, DAY)]).toEqual([true, false, false, false]);
  });

  it("goes on when a clock that was years ahead is set back", () => {
    const histogram = memory();
    const peaks = new MemoryPeaks(histogram);
    peaks.add(GIB, 12 * 365 * DAY);
    for (let day = 0; day < 5; day++) expect(peaks.add(4 * GIB, day * DAY)).toBe(true);
    expect(histogram.percentile(0.5)).toBeGreaterThan(3.9 * GIB);
  });
});
