import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../input-error.ts";
import { createRandom } from "../random.ts";
import { autocovariance } from "./autocovariance.ts";
import { dominantPeriod } from "./dominant-period.ts";
// Made by oracle/sub_pca.py; the versions stand inside.
import reference from "./fixtures/sub-pca.json" with { type: "json" };
import { SubPca } from "./sub-pca.ts";

const series = Float64Array.from(reference.series);
const params = { window: 12, warm: 60 };

/** A day of 24 hours with noise; `scale` and `shift` change the unit. */
function days(count: number, seed: number, scale = 1, shift = 0): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length: count }, (_, hour) => shift + scale * (10 * Math.sin((2 * Math.PI * hour) / 24) + random.normal()));
}

const pushed = (model: SubPca, values: Float64Array): number[] => Array.from(values, (value) => model.push(value));
const greatest = (values: Float64Array): number => values.indexOf(Math.max(...values));

describe("against numpy, scipy and statsmodels", () => {
  it("has the autocovariance of statsmodels", () => {
    autocovariance(series, 30).forEach((value, lag) => {
      expect(value).toBeCloseTo(reference.autocovariance[lag] as number, 9);
    });
  });

  it.each(reference.cases)("scores with window $window, share $share and ridge $ridge as the inverse covariance does", ({ scores, axes, ...rest }) => {
    const model = SubPca.fit(series, { ...rest, clip: Number.POSITIVE_INFINITY });
    expect(model.axes).toBe(axes);
    model.score(series).forEach((score, index) => {
      expect(score).toBeCloseTo(scores[index] as number, 8);
    });
  });
});

describe("a shape that the series never had", () => {
  it("scores highest where a day is missing its peak", () => {
    const values = days(480, 1);
    values.fill(0, 240, 264);
    expect(Math.abs(greatest(SubPca.fit(values, { window: 24 }).score(values)) - 252)).toBeLessThan(24);
  });

  it("is found by a stream as it happens, and it is usual before", () => {
    const values = days(480, 2);
    for (let hour = 400; hour < 412; hour++) values[hour] = -(values[hour] as number);
    const scores = pushed(new SubPca({ window: 24, warm: 240 }), values);
    expect(scores.slice(0, 240).every((score) => score === 0)).toBe(true);
    expect(Math.max(...scores.slice(240, 400))).toBeLessThan(1.6);
    expect(Math.max(...scores.slice(400, 424))).toBeGreaterThan(2);
  });

  it("is still found after one wild sample, which is learned as clipped", () => {
    const values = days(600, 3);
    values[300] = 1e9;
    for (let hour = 500; hour < 512; hour++) values[hour] = 40;
    const scores = pushed(new SubPca({ window: 24, warm: 240 }), values);
    expect(scores[300]).toBe(1e6);
    expect(Math.max(...scores.slice(500, 524))).toBeGreaterThan(2 * Math.max(...scores.slice(400, 500)));
  });
});

describe("the stream", () => {
  it("never changes a score for what comes later", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 200 }), (seed, length) => {
        const values = days(200, seed);
        expect(pushed(new SubPca(params), values.slice(0, length))).toEqual(pushed(new SubPca(params), values).slice(0, length));
      }),
      { numRuns: 10 },
    );
  });

  it("that was fitted goes on as one that woke up on the same samples", () => {
    const values = days(200, 4);
    const woken = new SubPca(params);
    pushed(woken, values.subarray(0, 60));
    const fitted = SubPca.fit(values.subarray(0, 60), params);
    expect(pushed(fitted, values.subarray(60))).toEqual(pushed(woken, values.subarray(60)));
  });

  it("does not care for the unit, nor for where zero is", () => {
    fc.assert(
      fc.property(fc.integer(), fc.double({ min: 1e-3, max: 1e6, noNaN: true }), fc.double({ min: -1e6, max: 1e6, noNaN: true }), (seed, scale, shift) => {
        const plain = pushed(new SubPca(params), days(150, seed));
        pushed(new SubPca(params), days(150, seed, scale, shift * scale)).forEach((score, index) => {
          expect(score).toBeCloseTo(plain[index] as number, 4);
        });
      }),
      { numRuns: 20 },
    );
  });

  it("goes on from a snapshot as if nothing had happened, silent or awake", () => {
    for (const cut of [30, 59, 60, 75, 131]) {
      const values = days(200, 5);
      const whole = pushed(new SubPca(params), values);
      const before = new SubPca(params);
      pushed(before, values.subarray(0, cut));
      expect(pushed(SubPca.restore(before.snapshot()), values.subarray(cut))).toEqual(whole.slice(cut));
    }
  });

  it("refuses a snapshot that is damaged, and one of something else", () => {
    const bytes = new SubPca(params).snapshot();
    bytes[40] = (bytes[40] as number) ^ 1;
    expect(() => SubPca.restore(bytes)).toThrow("damaged");
    expect(() => SubPca.restore(new Uint8Array(8))).toThrow(InputError);
  });
});

describe("input that is not as it should be", () => {
  it("lets time pass over a gap", () => {
    const values = days(200, 6);
    values.fill(Number.NaN, 30, 40).fill(Number.NaN, 100, 110);
    const scores = [...pushed(new SubPca(params), values), ...SubPca.fit(values, params).score(values)];
    expect(scores.every(Number.isFinite)).toBe(true);
  });

  it("calls a flat line usual, and anything else after it as unusual as can be", () => {
    const flat = new Float64Array(100).fill(0.1);
    const model = SubPca.fit(flat, params);
    expect(model.score(flat).every((score) => score === 0)).toBe(true);
    expect(model.push(0.1)).toBe(0);
    expect(model.push(0.2)).toBe(1e6);
    const nothing = SubPca.fit(new Float64Array(100).fill(Number.NaN), params);
    expect(nothing.push(0)).toBe(0);
  });

  it("refuses infinities and numbers too large to square, and stays as it was", () => {
    const model = SubPca.fit(days(100, 7), params);
    const before = model.snapshot();
    expect(() => model.push(Number.POSITIVE_INFINITY)).toThrow("sample 100 is Infinity");
    expect(() => model.push(-1e200)).toThrow(InputError);
    expect(model.snapshot()).toEqual(before);
    expect(() => SubPca.fit(Float64Array.of(...days(50, 1), Number.NEGATIVE_INFINITY), params)).toThrow("sample 50 is -Infinity");
  });

  it("scores the largest there is where a distance is too large for a number", () => {
    const model = SubPca.fit(
      days(400, 8).map((value) => value * 1e-15),
      params,
    );
    expect(model.push(1e140)).toBe(1e6);
    for (let sample = 0; sample < 200; sample++) expect(model.push(-1e140)).toBeLessThanOrEqual(1e6);
  });

  it("refuses what is too short, and to score what it never learned", () => {
    expect(() => SubPca.fit(new Float64Array(1), params)).toThrow("1 samples are too few for a window of 12");
    expect(() => SubPca.fit(days(100, 8), params).score(new Float64Array(11))).toThrow("shorter than the window");
    expect(() => new SubPca(params).score(days(100, 8))).toThrow("nothing was learned yet");
  });

  it.each([{ window: 1 }, { window: 2.5 }, { share: 1.1 }, { ridge: 0 }, { memory: 1 }, { warm: 3 }, { clip: 0 }, { share: Number.NaN }])(
    "refuses %o",
    (bad) => {
      expect(() => new SubPca(bad)).toThrow(InputError);
    },
  );
});

describe("the season of a series", () => {
  it("is found through noise and gaps, and there is none in noise", () => {
    const values = days(480, 9);
    values.fill(Number.NaN, 100, 120);
    expect(dominantPeriod(values)).toBe(24);
    const random = createRandom(9);
    expect(dominantPeriod(Float64Array.from({ length: 2000 }, () => random.normal()))).toBeUndefined();
    expect(dominantPeriod(new Float64Array(500))).toBeUndefined();
    expect(dominantPeriod(new Float64Array(0))).toBeUndefined();
    expect(dominantPeriod(Float64Array.of(1))).toBeUndefined();
  });

  it("is not looked for among infinities, nor between limits that are none", () => {
    expect(() => dominantPeriod(Float64Array.of(1, Number.POSITIVE_INFINITY))).toThrow("sample 1 is Infinity");
    for (const bad of [{ shortest: 0 }, { longest: 24 }, { shortest: 2.5 }, { least: 1 }, { least: Number.NaN }])
      expect(() => dominantPeriod(days(100, 1), bad)).toThrow(InputError);
  });
});
