import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../input-error.ts";
import { createRandom } from "../random.ts";
import { Arima } from "./arima.ts";
import type { ArimaParams } from "./arima-order.ts";
import { arimaValues, simulatedArima } from "./testing/simulated.ts";

const MIXED: ArimaParams = { order: [2, 0, 2] };
const DAILY: ArimaParams = { order: [1, 0, 1], seasonal: [0, 1, 1, 24] };
const WALK: ArimaParams = { order: [0, 1, 0] };
const MODELS: readonly (readonly [string, ArimaParams, ReturnType<typeof arimaValues>])[] = [
  ["ARMA(2,2) with mean", MIXED, arimaValues(MIXED, { ar: [0.5, 0.2], ma: [0.4, -0.2], constant: 3, variance: 2 })],
  ["ARIMA(1,1,1)", { order: [1, 1, 1] }, arimaValues({ order: [1, 1, 1] }, { ar: [0.4], ma: [0.3], variance: 0.5 })],
  ["SARIMA(1,0,1)(0,1,1)24", DAILY, arimaValues(DAILY, { ar: [0.6], ma: [0.2], seasonalMa: [-0.5] })],
];
const withGaps = (series: Float64Array, seed: number, share: number): Float64Array => {
  const random = createRandom(seed);
  return series.map((value) => (random.next() < share ? Number.NaN : value));
};
const close = (ours: ArrayLike<number>, theirs: ArrayLike<number>, tolerance: number): void => {
  expect(ours.length).toBe(theirs.length);
  for (let index = 0; index < ours.length; index++) {
    const [one, other] = [ours[index] as number, theirs[index] as number];
    if (Number.isNaN(one) && Number.isNaN(other)) continue;
    expect(Math.abs(one - other)).toBeLessThanOrEqual(tolerance);
  }
};

describe.each(MODELS)("%s", (_, params, values) => {
  const series = simulatedArima(1_500, params, values, 11);

  it("is found again in a series that follows it", () => {
    const { values: found, quality } = Arima.fit(series, params);
    expect(quality.converged).toBe(true);
    // Coefficients of ARMA(2,2) are nearly interchangeable; what it says of the series is not.
    expect(found.variance / values.variance).toBeCloseTo(1, 0);
    const known = Arima.from(values, series, params).quality.logLikelihood;
    expect(quality.logLikelihood - known).toBeGreaterThan(0);
    expect(quality.logLikelihood - known).toBeLessThan(10);
  });

  it("says the same of a sample whether it comes alone or in a batch, with gaps and without, and never changes what it said", () => {
    fc.assert(
      fc.property(fc.nat(1_000), fc.integer({ min: 0, max: 200 }), fc.constantFrom(0, 0.02, 0.3), (seed, known, share) => {
        const gappy = withGaps(series.subarray(0, 260), seed, share);
        gappy[0] = 1;
        const batch = Arima.from(values, gappy, params);
        const stream = Arima.from(values, gappy.subarray(0, known), params);
        const scores = Float64Array.from({ length: 260 }, (__, time) =>
          time < known ? (stream.standardised[time] as number) : (stream.update(gappy[time] as number) ?? Number.NaN),
        );
        close(scores, batch.standardised, 1e-7);
      }),
      { numRuns: 30 },
    );
  });

  it("intervals hold as many of the next samples as they promise", () => {
    let held = 0;
    let asked = 0;
    for (let seed = 0; seed < 150; seed++) {
      const all = simulatedArima(330, params, values, 1_000 + seed);
      const { lower, upper } = Arima.from(values, withGaps(all.subarray(0, 300), seed, 0.05), params).forecast(30, 0.8);
      for (let step = 0; step < 30; step += 10) {
        const value = all[300 + step] as number;
        asked++;
        if (value >= (lower[step] as number) && value <= (upper[step] as number)) held++;
      }
    }
    // 450 answers, three to a series: five standard deviations of as many independent ones hold the dependent ones too.
    expect(Math.abs(held / asked - 0.8)).toBeLessThan(5 * Math.sqrt((0.8 * 0.2) / 450));
  });

  it("goes on where a snapshot was taken, in the middle of a gap too", () => {
    const gappy = withGaps(series.subarray(0, 400), 5, 0.1);
    gappy.fill(Number.NaN, 295, 300);
    const model = Arima.fit(gappy.subarray(0, 300), params);
    const restored = Arima.restore(model.snapshot());
    expect([restored.name, restored.values, restored.quality]).toEqual([model.name, model.values, model.quality]);
    for (const value of gappy.subarray(300)) expect(restored.update(value)).toBe(model.update(value));
    expect(restored.forecast(40)).toEqual(model.forecast(40));
    expect(restored.snapshot()).toEqual(model.snapshot());
  });

  it("does not mind the unit of the series", () => {
    const part = withGaps(series.subarray(0, 300), 3, 0.01);
    const shift = params.order?.[1] === 0 && params.seasonal === undefined ? 1_000 : -7;
    const plain = Arima.fit(part, params);
    const other = Arima.fit(
      part.map((value) => value * 1e6 + shift * 1e6),
      params,
    );
    close(other.standardised, plain.standardised, 1e-3);
    const [one, two] = [plain.forecast(20), other.forecast(20)];
    close(
      two.upper.map((value) => value / 1e6 - shift),
      one.upper,
      1e-3,
    );
    expect(other.quality.logLikelihood + plain.quality.scored * Math.log(1e6)).toBeCloseTo(plain.quality.logLikelihood, 4);
  });
});

it("no fit is less likely than the model that made the series, however hard it is to find", () => {
  const hard = [
    { ar: [1.16, -0.24], ma: [-0.6, 0.3] },
    { ar: [1.757, -0.779], ma: [-1.198, 0.304] },
    { ar: [-0.6, 0.2], ma: [0.9, 0.1] },
  ];
  for (const [index, given] of hard.entries())
    for (let seed = 0; seed < 8; seed++) {
      const values = arimaValues(MIXED, { ...given, constant: 3 });
      const series = simulatedArima(400, MIXED, values, 100 * index + seed);
      const known = Arima.from(values, series, MIXED).quality.logLikelihood;
      expect(Arima.fit(series, MIXED).quality.logLikelihood).toBeGreaterThan(known);
    }
});

describe("a forecast", () => {
  it("of a random walk is its last value, ever less sure", () => {
    const walk = simulatedArima(500, WALK, arimaValues(WALK, {}), 2);
    const model = Arima.fit(walk, WALK);
    const { mean, lower, upper } = model.forecast(9, 0.95);
    for (const value of mean) expect(value).toBeCloseTo(walk.at(-1) as number, 9);
    expect(((upper[8] as number) - (lower[8] as number)) / ((upper[0] as number) - (lower[0] as number))).toBeCloseTo(3, 9);
  });

  it("with a drift goes on as the series went", () => {
    const line = Float64Array.from({ length: 60 }, (_, time) => 5 + 2 * time);
    const { mean, lower, upper } = Arima.fit(line, { order: [0, 1, 0], constant: true }).forecast(3);
    expect([...mean]).toEqual([125, 127, 129]);
    expect([lower, upper]).toEqual([mean, mean]);
  });

  it("leaves the model as it was", () => {
    const model = Arima.from(arimaValues(MIXED, { ar: [0.5, 0.2] }), Float64Array.of(1, 2, 3, Number.NaN), MIXED);
    const before = model.snapshot();
    model.forecast(50);
    expect(model.snapshot()).toEqual(before);
  });

  it("asks for more samples where differences have nothing to start from", () => {
    const empty = Arima.from(arimaValues(WALK, {}), new Float64Array(0), WALK);
    expect(() => empty.forecast(1)).toThrow("update it with more samples");
    expect(empty.update(7)).toBeUndefined();
    expect(empty.forecast(2).mean).toEqual(Float64Array.of(7, 7));
  });

  it.each([0, -1, 1.5, Number.NaN, 2_000_000])("of %d steps is refused", (steps) => expect(() => Arima.fit(wave(99)).forecast(steps)).toThrow(InputError));
  it.each([0, 1, Number.NaN, 95])("at level %d is refused", (level) => expect(() => Arima.fit(wave(99)).forecast(1, level)).toThrow(InputError));
});

const wave = (count: number): Float64Array => {
  const random = createRandom(1);
  return Float64Array.from({ length: count }, (_, time) => Math.sin(time / 5) + 0.1 * random.normal());
};

describe("a sample", () => {
  it("that nobody expected is as many deviations away as it is", () => {
    const model = Arima.fit(wave(300), { order: [2, 0, 1] });
    const [expected] = model.forecast(1).mean;
    const score = model.update((expected as number) + 1);
    expect(score).toBeCloseTo(1 / model.deviation, 6);
    expect(model.expected).toBe(expected);
  });

  it("that is missing has no score, and the next ones are less sure of what they expect", () => {
    const model = Arima.fit(wave(300), { order: [2, 0, 1] });
    model.update(0.1);
    const sure = model.deviation;
    expect(model.update(Number.NaN)).toBeUndefined();
    model.update(0.1);
    expect(model.deviation).toBeGreaterThan(sure * 1.01);
  });

  it("that is infinite is refused and leaves the model as it was", () => {
    const model = Arima.fit(wave(99));
    const before = model.snapshot();
    for (const value of [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e200]) expect(() => model.update(value)).toThrow("NaN where a sample is missing");
    expect(model.snapshot()).toEqual(before);
  });
});

describe("a series", () => {
  it("that is constant has a model without width; whatever differs is as far away as a score can be", () => {
    for (const level of [0, 7, -1e9]) {
      const model = Arima.fit(new Float64Array(50).fill(level), MIXED);
      expect([model.values.variance, model.quality.logLikelihood, model.update(level)]).toEqual([0, 0, 0]);
      const { mean, lower, upper } = model.forecast(3);
      expect([mean, lower, upper]).toEqual(Array(3).fill(new Float64Array(3).fill(level)));
      expect(model.update(level + 10 + Math.abs(level))).toBe(1e6);
    }
  });

  it("with a missing start begins where it begins", () => {
    const late = Float64Array.of(...new Array<number>(20).fill(Number.NaN), ...wave(200));
    const [one, two] = [Arima.fit(late), Arima.fit(wave(200))];
    expect(one.values).toEqual(two.values);
    close(one.standardised.subarray(20), two.standardised, 0);
    expect(one.standardised.subarray(0, 20).every(Number.isNaN)).toBe(true);
  });

  it.each([
    ["of nothing", [], "no value among 0 samples"],
    ["of gaps alone", [Number.NaN, Number.NaN], "no value among 2 samples"],
    ["of one sample", [1], "needs more than"],
    ["with an infinity", [1, 2, Number.POSITIVE_INFINITY, 3, 4, 5, 6, 7], "sample 2 is Infinity"],
  ])("%s is refused", (_, samples, message) => {
    expect(() => Arima.fit(Float64Array.from(samples))).toThrow(InputError);
    expect(() => Arima.fit(Float64Array.from(samples))).toThrow(message);
  });

  it("shorter than its season is refused, and told what is needed", () => {
    expect(() => Arima.fit(wave(30), DAILY)).toThrow("needs more than 49 samples");
  });

  it("whose samples are nearly all missing is answered or refused, never NaN", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constant(Number.NaN), fc.double({ min: -1e9, max: 1e9, noNaN: true })), { maxLength: 40 }), (samples) => {
        let model: Arima;
        try {
          model = Arima.fit(Float64Array.from(samples), { order: [1, 1, 1] });
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
          return;
        }
        const { mean, lower, upper } = model.forecast(5);
        for (const value of [...mean, ...lower, ...upper, model.values.variance, model.quality.aicc, model.update(1) ?? 0])
          expect(Number.isFinite(value)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it("gives numbers whatever the order: near unit roots, differenced too often, with gaps", () => {
    const random = createRandom(99);
    for (let round = 0; round < 40; round++) {
      let sum = 0;
      const walks = random.below(2) === 0;
      const series = Float64Array.from({ length: 60 + random.below(90) }, (_, time) => {
        sum += random.normal();
        return walks ? sum : Math.sin(time / 3);
      });
      const share = random.below(2) * 0.1;
      for (let time = 0; time < series.length; time++) if (random.next() < share) series[time] = Number.NaN;
      const order = [random.below(4), random.below(3), random.below(3)] as const;
      const model = Arima.fit(series, { order, seasonal: [random.below(2), random.below(2), random.below(2), 6] });
      const { mean, lower, upper } = model.forecast(12);
      for (const value of [...mean, ...lower, ...upper, model.quality.logLikelihood, model.update(0) ?? 0]) expect(Number.isFinite(value)).toBe(true);
      for (const value of mean) expect(Math.abs(value)).toBeLessThan(1e6);
    }
  });

  it("with an outlier of any size gives numbers", () => {
    for (const size of [1e3, 1e9, 1e60]) {
      const series = wave(400);
      series[200] = size;
      const model = Arima.fit(series, { order: [2, 1, 2] });
      expect(Number.isFinite(model.quality.logLikelihood + (model.forecast(10).upper[9] as number))).toBe(true);
    }
  });

  it("that a counter's reset breaks is one large error, not a new model", () => {
    const random = createRandom(4);
    let total = 0;
    const counter = Float64Array.from({ length: 300 }, () => (total += 10 + random.normal()));
    const model = Arima.fit(counter, { order: [0, 1, 1], constant: true });
    expect(model.update(5)).toBeLessThan(-100);
    expect(Math.abs(model.values.constant - 10)).toBeLessThan(0.5);
  });

  it("of a million samples takes time and room in proportion", () => {
    const params: ArimaParams = { order: [1, 0, 1], constant: true };
    const long = simulatedArima(1_000_000, params, arimaValues(params, { ar: [0.7], ma: [0.3] }), 9);
    const model = Arima.from(arimaValues(params, { ar: [0.7], ma: [0.3] }), long, params);
    expect(model.quality.scored).toBe(1_000_000);
    // What is kept does not grow with what was seen.
    expect(model.snapshot().length).toBeLessThan(1_000);
    for (let time = 0; time < 200_000; time++) model.update(Number.NaN);
    expect(model.snapshot().length).toBeLessThan(2_000);
    expect(model.forecast(1).mean[0]).toBeCloseTo(0, 9);
  });
});

describe("refused as well:", () => {
  it("a snapshot of something else, or a damaged one", () => {
    const bytes = Arima.fit(wave(99)).snapshot();
    expect(() => Arima.restore(bytes.slice(0, 40))).toThrow(InputError);
    bytes[60] = (bytes[60] as number) ^ 1;
    expect(() => Arima.restore(bytes)).toThrow("damaged");
  });

  it("coefficients within rounding of a unit root", () => {
    const params: ArimaParams = { order: [2, 0, 0], seasonal: [1, 0, 0, 10] };
    const values = arimaValues(params, { ar: [1.9999, -0.9999001], seasonalAr: [0.99997] });
    expect(() => Arima.from(values, wave(99), params)).toThrow("difference the series once more");
  });

  it("coefficients that no stationary, invertible model has", () => {
    expect(() => Arima.from(arimaValues({}, { ar: [1] }), wave(9))).toThrow("ar has a root on or within the unit circle");
    expect(() => Arima.from(arimaValues({ order: [0, 0, 1] }, { ma: [-1.2] }), wave(9), { order: [0, 0, 1] })).toThrow("ma has a root");
    expect(() => Arima.from(arimaValues({}, { ar: [0.1, 0.2] }), wave(9))).toThrow("1, 0, 0, 0 coefficients");
    expect(() => Arima.from(arimaValues(WALK, { constant: 3 }), wave(9), WALK)).toThrow("the constant is 3");
    expect(() => Arima.from(arimaValues({}, { variance: -1 }), wave(9))).toThrow("the variance of the noise is -1");
  });
});
