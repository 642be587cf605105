import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../input-error.ts";
import { createRandom } from "../random.ts";
import { NoveltyDetector } from "./novelty-detector.ts";

const FIVE_MINUTES = 300_000;
const timesOf = (count: number): Float64Array => Float64Array.from({ length: count }, (_, sample) => sample * FIVE_MINUTES);

/** `days` of five-minute samples: a daily wave with noise, changed by `change`. */
function wave(days: number, change: (value: number, sample: number) => number, seed = 1): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length: days * 288 }, (_, sample) => change(50 + 20 * Math.sin((2 * Math.PI * sample) / 288) + random.normal(), sample));
}

/** Where the largest score from the fourth day on is. */
function strangest(values: Float64Array): number {
  const scores = new NoveltyDetector().score(values, timesOf(values.length));
  scores.fill(0, 0, 3 * 288);
  return scores.indexOf(Math.max(...scores));
}

const AT = 8 * 288 + 100;
const within = (sample: number, last: number): boolean => sample >= AT && sample < AT + last;

describe("what it sees", () => {
  it("a spike", () => expect(strangest(wave(12, (value, sample) => (within(sample, 3) ? value + 60 : value))) - AT).toBeLessThan(6));
  it("a level that was never there", () => expect(strangest(wave(12, (value, sample) => (sample >= AT ? value + 40 : value))) - AT).toBeLessThan(12));
  it("a line gone flat", () => {
    const found = strangest(wave(12, (value, sample) => (within(sample, 60) ? 50 : value))) - AT;
    expect(found).toBeGreaterThanOrEqual(0);
    expect(found).toBeLessThan(60);
  });
  it("a usual value at an unusual hour", () => {
    const night = 8 * 288 + 216;
    const found = strangest(wave(12, (value, sample) => (sample >= night && sample < night + 40 ? value + 40 : value))) - night;
    expect(found).toBeGreaterThanOrEqual(0);
    expect(found).toBeLessThan(40);
  });
});

describe("what it promises", () => {
  const series = fc.array(fc.oneof(fc.integer({ min: -50, max: 50 }), fc.constant(Number.NaN)), { minLength: 1, maxLength: 300 });
  const scored = (values: readonly number[], params = {}): Float64Array =>
    new NoveltyDetector({ warm: 5, mature: 50, ...params }).score(Float64Array.from(values), timesOf(values.length));

  it("scores of a prefix never change", () => {
    fc.assert(
      fc.property(series, fc.nat(300), (values, length) => {
        expect(scored(values.slice(0, length))).toEqual(scored(values).slice(0, length));
      }),
    );
  });

  it("scores are in [0, 1)", () => {
    fc.assert(fc.property(series, (values) => scored(values).every((score) => score >= 0 && score < 1)));
  });

  it("the unit of a series does not matter: any scale, also a negative one, by powers of two bit for bit", () => {
    fc.assert(
      fc.property(series, fc.integer({ min: -20, max: 20 }), fc.boolean(), (values, power, flipped) => {
        const scale = (flipped ? -1 : 1) * 2 ** power;
        expect(scored(values.map((value) => value * scale))).toEqual(scored(values));
      }),
    );
  });

  it("the zero of a series does not matter", () => {
    const values = wave(4, (value, sample) => (sample % 500 === 499 ? value + 30 : value));
    const times = timesOf(values.length);
    const shifted = new NoveltyDetector().score(
      values.map((value) => value + 1000),
      times,
    );
    new NoveltyDetector().score(values, times).forEach((score, sample) => {
      expect(shifted[sample]).toBeCloseTo(score, 9);
    });
  });

  it("a restored detector goes on as the one that was stored", () => {
    const values = wave(6, (value, sample) => (sample % 300 === 299 ? value + 30 : value));
    const times = timesOf(values.length);
    const half = values.length / 2;
    const detector = new NoveltyDetector({ windows: [4], dailyWindows: [8, 2] });
    detector.score(values.subarray(0, half), times.subarray(0, half));
    const restored = NoveltyDetector.restore(detector.snapshot());
    expect(restored.params).toEqual(detector.params);
    expect(restored.score(values.subarray(half), times.subarray(half))).toEqual(detector.score(values.subarray(half), times.subarray(half)));
    expect(restored.novelties).toEqual(detector.novelties);
  });

  it("its state has a bound that no series exceeds", () => {
    const detector = new NoveltyDetector({ capacity: 16, radius: 0 });
    const bytes = detector.bytes;
    const values = wave(4, (value) => value);
    detector.score(values, timesOf(values.length));
    expect(detector.points).toBe(4 * 16);
    expect(detector.bytes).toBe(bytes);
  });
});

describe("input that is not as it should be", () => {
  it("a missing sample scores 0 and changes nothing", () => {
    const values = wave(5, (value) => value);
    const times = timesOf(values.length);
    const plain = new NoveltyDetector().score(values, times);
    const detector = new NoveltyDetector();
    const scores = values.map((value, sample) => {
      expect(detector.push(Number.NaN, times[sample] as number)).toBe(0);
      return detector.push(value, times[sample] as number);
    });
    expect(scores).toEqual(plain);
  });

  it("one sample, two, and a line that stays flat score 0", () => {
    expect(new NoveltyDetector().push(7, 0)).toBe(0);
    expect([...new NoveltyDetector({ warm: 0 }).score(Float64Array.of(7, 8), timesOf(2))]).toEqual([0, 0]);
    expect(new NoveltyDetector().score(new Float64Array(2000).fill(7), timesOf(2000)).every((score) => score === 0)).toBe(true);
  });

  it("the first other value after a flat line is found", () => {
    const detector = new NoveltyDetector();
    detector.score(new Float64Array(2000).fill(7), timesOf(2000));
    detector.push(8, 2000 * FIVE_MINUTES);
    const scores = Array.from({ length: 20 }, (_, sample) => detector.push(8, (2001 + sample) * FIVE_MINUTES));
    expect(Math.max(...scores)).toBeGreaterThan(0);
  });

  it("a counter that starts anew, a gap and a clock that steps back give finite scores", () => {
    const detector = new NoveltyDetector();
    for (let sample = 0; sample < 3000; sample++) {
      const at = sample * FIVE_MINUTES + (sample > 1000 ? 30 * 86_400_000 : 0) - (sample > 2000 ? 45 * 86_400_000 : 0);
      expect(detector.push(sample % 700, at)).toBeLessThan(1);
    }
  });

  it("infinite values and times are refused, and leave the detector as it was", () => {
    const detector = new NoveltyDetector();
    detector.score(
      wave(1, (value) => value),
      timesOf(288),
    );
    const before = detector.snapshot();
    expect(() => detector.push(Number.POSITIVE_INFINITY, 0)).toThrow("sample 288 is Infinity: give a value up to 1e+300, or NaN where it is missing");
    expect(() => detector.push(1, Number.NaN)).toThrow(InputError);
    expect(detector.snapshot()).toEqual(before);
  });

  it("values as large as numbers are, and differences as small", () => {
    for (const scale of [1e300, 1e-310, 5e-324]) {
      const random = createRandom(3);
      const values = Float64Array.from({ length: 400 }, () => Math.round(4 * random.next() - 2) * 0.5 * scale);
      expect(new NoveltyDetector({ warm: 0 }).score(values, timesOf(400)).every((score) => score >= 0 && score < 1)).toBe(true);
    }
  });

  it("parameters that no detector can have are refused by name", () => {
    expect(() => new NoveltyDetector({ windows: [], dailyWindows: [] })).toThrow("no windows");
    expect(() => new NoveltyDetector({ windows: [2.5] })).toThrow("a window is 2.5: give a whole number from 1");
    expect(() => new NoveltyDetector({ radius: -1 })).toThrow("radius is -1");
    expect(() => new NoveltyDetector({ quietLeast: 300 })).toThrow("quietLeast is 300, above quietMost, 200");
    expect(() => new NoveltyDetector().score(new Float64Array(2), new Float64Array(3))).toThrow("2 values have 3 times");
  });

  it("a snapshot that is damaged or of something else is refused", () => {
    const bytes = new NoveltyDetector().snapshot();
    bytes[100] = (bytes[100] as number) ^ 1;
    expect(() => NoveltyDetector.restore(bytes)).toThrow("damaged");
    expect(() => NoveltyDetector.restore(new Uint8Array(4))).toThrow("not a snapshot");
  });
});
