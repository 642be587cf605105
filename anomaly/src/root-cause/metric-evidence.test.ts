import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom } from "../random.ts";
import type { MetricSeries } from "./incident.ts";
import { metricEvidence } from "./metric-evidence.ts";

const noise = (seed: number, count = 300): Float64Array => {
  const random = createRandom(seed);
  return Float64Array.from({ length: count }, () => random.normal());
};
const series = (during: readonly number[], rest: Partial<MetricSeries> = {}): MetricSeries => ({
  node: "web",
  metric: "latency",
  before: noise(1),
  during: Float64Array.from(during),
  ...rest,
});

describe("the evidence of a metric", () => {
  it("is how far it is from normal, since when, and for how long", () => {
    const found = metricEvidence(series([0, 0, 20, 21, 19, 0, 0, 0]), 0);
    expect(found).toMatchObject({ onset: 2, lasting: 3 / 8 });
    expect(found?.deviation).toBeGreaterThan(15);
    expect(found?.strength).toBeGreaterThan((1 + 3 / 8) * Math.log2(1 + 15 / 3));
  });
  it("is nothing where all is as before", () => {
    expect(metricEvidence(series([0.5, -1, 1, 0]), 0)).toMatchObject({ deviation: 0, onset: -1, lasting: 0, strength: 0 });
  });
  it("of a spike is half as strong as without the rule for spikes, and the spike is told", () => {
    const spike = series([0, 0, 20, 0, 0, 0]);
    const whole = metricEvidence(spike, 0, { smooth: false });
    const half = metricEvidence(spike, 0);
    expect(half?.onset).toBe(2);
    expect((half?.strength ?? 0) / (whole?.strength ?? 1)).toBeLessThan(0.7);
  });
  it("counts only the direction that is bad, where one is", () => {
    const faster = [-20, -20, -20];
    expect(metricEvidence(series(faster), 0)?.deviation).toBeLessThan(-15);
    expect(metricEvidence(series(faster, { bad: "down" }), 0)?.strength).toBeGreaterThan(1);
    expect(metricEvidence(series(faster, { bad: "up" }), 0)?.strength).toBe(0);
  });
  it("does not count what was so already before the symptom", () => {
    const slowForDays = series([20, 20, 20.5, 20, 20.2]);
    expect(metricEvidence(slowForDays, 2)?.strength).toBe(0);
    expect(metricEvidence(slowForDays, 2, { anchor: false })?.strength).toBeGreaterThan(1);
    expect(metricEvidence(slowForDays, 0)?.strength).toBeGreaterThan(1);
  });
  it("of a constant that changes is bounded by how long it was one", () => {
    const constant = (count: number) => metricEvidence(series([99, 99, 99], { before: new Float64Array(count).fill(100) }), 0)?.deviation;
    expect(constant(99)).toBeCloseTo(-10, 9);
    expect(constant(399)).toBeCloseTo(-20, 9);
    expect(metricEvidence(series([100, 100], { before: new Float64Array(50).fill(100) }), 0)?.strength).toBe(0);
  });
  it("knows that what often is far is not strange", () => {
    const spiky = noise(3).map((value, index) => value + (index % 20 < 3 ? 12 : 0));
    const plain = metricEvidence(series([12, 12, 12], { before: spiky }), 0, { tails: false });
    const aware = metricEvidence(series([12, 12, 12], { before: spiky }), 0);
    expect(aware?.deviation ?? 0).toBeLessThan((plain?.deviation ?? 0) / 3);
  });
  it("stays finite whatever the numbers", () => {
    const extreme = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e150, max: 1e150 }), fc.constant(Number.NaN), fc.constant(0));
    fc.assert(
      fc.property(
        fc.array(extreme, { maxLength: 40 }),
        fc.array(extreme, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 0, max: 7 }),
        (before, during, start) => {
          const found = metricEvidence(series(during, { before: Float64Array.from(before) }), Math.min(start, during.length - 1));
          if (found === undefined) return;
          for (const value of [found.deviation, found.onset, found.lasting, found.strength, found.normal, found.scale])
            expect(Number.isFinite(value)).toBe(true);
        },
      ),
    );
  });
  it("is unknown with fewer than 8 samples before, or none during", () => {
    expect(metricEvidence(series([1], { before: new Float64Array(7) }), 0)).toBeUndefined();
    expect(metricEvidence(series([Number.NaN, Number.NaN]), 0)).toBeUndefined();
    expect(metricEvidence(series([1, Number.NaN]), 1)).toBeUndefined();
    expect(metricEvidence(series([50]), 0)?.strength).toBeGreaterThan(1);
  });
  it("bridges gaps", () => {
    const gaps = noise(1).map((value, index) => (index % 4 === 1 ? Number.NaN : value));
    expect(metricEvidence(series([0, Number.NaN, 20, Number.NaN, 20], { before: gaps }), 0)).toMatchObject({ onset: 2 });
  });
  it("does not depend on unit and zero", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: -20, max: 20 }), fc.integer({ min: -1000, max: 1000 }), (seed, exponent, offset) => {
        // Whole numbers and powers of two: the arithmetic is exact, so nothing may differ.
        const whole = {
          before: noise(seed).map((value) => Math.round(1000 * value)),
          during: noise(seed + 1, 6).map((value, index) => Math.round(1000 * value + (index > 2 ? 9000 : 0))),
        };
        const plain = metricEvidence(series([], whole), 1);
        const moved = metricEvidence(
          series([], {
            before: whole.before.map((value) => (value + offset) * 2 ** exponent),
            during: whole.during.map((value) => (value + offset) * 2 ** exponent),
          }),
          1,
        );
        expect({ ...moved, normal: 0, scale: 0 }).toEqual({ ...plain, normal: 0, scale: 0 });
      }),
      { numRuns: 50 },
    );
  });
});
