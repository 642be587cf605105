import { describe, expect, it } from "vitest";
import { InputError } from "../input-error.ts";
import { createRandom } from "../random.ts";
import { Arima } from "./arima.ts";
import { differencesNeeded, levelStatistic, seasonalDifferencesNeeded } from "./arima-differences.ts";
import type { ArimaParams } from "./arima-order.ts";
import { selectArima } from "./arima-select.ts";
import { arimaValues, simulatedArima } from "./testing/simulated.ts";

const noise = (count: number, seed: number): Float64Array => {
  const random = createRandom(seed);
  return Float64Array.from({ length: count }, () => random.normal());
};
const summed = (series: Float64Array): Float64Array => {
  let sum = 0;
  return series.map((value) => (sum += value));
};

describe("differences", () => {
  it("noise needs none, a walk one, a walk of walks two", () => {
    expect([noise(300, 1), summed(noise(300, 1)), summed(summed(noise(300, 1)))].map(differencesNeeded)).toEqual([0, 1, 2]);
  });

  it("a strong season needs one, noise and a constant none", () => {
    const season = noise(240, 2).map((value, time) => value + 5 * Math.sin((2 * Math.PI * time) / 24));
    expect([season, noise(240, 2), new Float64Array(240), season.subarray(0, 40)].map((series) => seasonalDifferencesNeeded(series, 24))).toEqual([1, 0, 0, 0]);
  });

  it("the statistic is the one of the paper", () => {
    // statsmodels 0.14.6: kpss(x, regression="c", nlags=0), then nlags=3.
    expect(levelStatistic(Float64Array.of(3, 1, 4, 1, 5, 9, 2, 6, 5, 3))).toBeCloseTo(0.19863387978142077, 12);
    expect(levelStatistic(Float64Array.from({ length: 200 }, (_, index) => ((index * 7919) % 101) / 10))).toBeCloseTo(0.07233130994264299, 12);
    expect(levelStatistic(new Float64Array(20).fill(4))).toBe(0);
  });
});

describe("the order", () => {
  it("of white noise is none", () => expect(selectArima(noise(400, 3)).order).toMatchObject({ p: 0, d: 0, q: 0 }));

  it("of a series is at least as good as the order that made it", () => {
    for (const [order, ar, ma] of [
      [[2, 0, 0], [0.4, 0.2], []],
      [[0, 1, 1], [], [0.6]],
      [[1, 0, 1], [0.6], [0.4]],
    ] as const) {
      const params: ArimaParams = { order };
      const series = simulatedArima(400, params, arimaValues(params, { ar, ma }), 5);
      const found = selectArima(series);
      expect(found.order.d).toBe(order[1]);
      expect(found.quality.aicc).toBeLessThanOrEqual(Arima.fit(series, params).quality.aicc + 2);
    }
  });

  it("of a daily series has a seasonal part, and gaps do not hide it", () => {
    const params: ArimaParams = { order: [1, 0, 0], seasonal: [0, 1, 1, 24] };
    const series = simulatedArima(480, params, arimaValues(params, { ar: [0.5], seasonalMa: [-0.6] }), 6);
    series.fill(Number.NaN, 100, 110);
    const { order, quality } = selectArima(series, { season: 24 });
    expect([order.D, order.m]).toEqual([1, 24]);
    expect(quality.aicc).toBeLessThan(Arima.fit(series, params).quality.aicc + 4);
  });

  it("of a constant is nothing but that", () => {
    const model = selectArima(new Float64Array(60).fill(3));
    expect([model.name, model.forecast(1).mean[0]]).toEqual(["ARIMA(0,0,0) with mean", 3]);
  });

  it("has a drift only where one is looked for", () => {
    const rising = summed(noise(300, 8).map((value) => value + 0.5));
    expect([selectArima(rising), selectArima(rising, { drift: true })].map(({ order }) => order.constant)).toEqual([false, true]);
  });

  it("can be bounded", () => {
    const params: ArimaParams = { order: [3, 0, 0] };
    const series = simulatedArima(300, params, arimaValues(params, { ar: [0.3, 0.2, 0.3] }), 7);
    expect(selectArima(series, { most: 1, d: 0 }).order).toMatchObject({ p: 1, d: 0 });
  });

  it("is not sought in what is no series", () => {
    expect(() => selectArima(new Float64Array(0))).toThrow(InputError);
    expect(() => selectArima(noise(50, 1), { season: 0.5 })).toThrow("season is 0.5");
  });
});
