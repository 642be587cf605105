/** Seasonal ARIMA beside statsmodels and the arima package: values made once by anomaly/oracle. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Arima } from "./arima.ts";
import type { ArimaParams } from "./arima-order.ts";
import { arimaValues } from "./testing/simulated.ts";

interface Case {
  readonly name: string;
  readonly order: readonly [number, number, number];
  readonly seasonal: readonly [number, number, number, number];
  readonly series: readonly (number | null)[];
  readonly ar: readonly number[];
  readonly ma: readonly number[];
  readonly seasonalAr: readonly number[];
  readonly seasonalMa: readonly number[];
  readonly constant: number | null;
  readonly variance: number;
  readonly lost: number;
  readonly logLikelihood: number;
  readonly lastErrors: readonly (number | null)[];
  readonly mean: readonly number[];
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  readonly fittedLogLikelihood: number;
}

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), "utf8"));
const statsmodels = read("arima-statsmodels") as { readonly level: number; readonly steps: number; readonly cases: readonly Case[] };
const wasm = read("arima-wasm") as {
  readonly cases: readonly { readonly name: string; readonly mean: readonly number[]; readonly variance: readonly number[] }[];
};

const seriesOf = ({ series }: Case): Float64Array => Float64Array.from(series, (value) => value ?? Number.NaN);
const paramsOf = ({ order, seasonal: [P, D, Q, m], constant }: Case): ArimaParams => ({
  order,
  seasonal: [P, D, Q, Math.max(m, 1)],
  constant: constant !== null,
});
const valuesOf = (each: Case) => arimaValues(paramsOf(each), { ...each, constant: each.constant ?? 0 });
/** statsmodels counts the samples that differences use up as if each were worth a standard normal density's constant. */
const counted = (theirs: number, lost: number): number => theirs + (lost * Math.log(2 * Math.PI)) / 2;
/** Largest difference in units of `unit`. */
const apart = (ours: Float64Array, theirs: readonly number[], unit: number): number =>
  theirs.reduce((most, value, step) => Math.max(most, Math.abs(value - (ours[step] as number)) / unit), 0);

describe.each(statsmodels.cases.map((each) => [each.name, each] as const))("%s: as in statsmodels", (_, each) => {
  const model = Arima.from(valuesOf(each), seriesOf(each), paramsOf(each));

  it("the likelihood at given coefficients", () => {
    const theirs = counted(each.logLikelihood, each.lost);
    expect(Math.abs(model.quality.logLikelihood / theirs - 1)).toBeLessThan(1e-10);
  });

  it("forecasts and intervals, far beyond a season", () => {
    const { mean, lower, upper } = model.forecast(statsmodels.steps, statsmodels.level);
    const unit = Math.sqrt(each.variance);
    expect(Math.max(apart(mean, each.mean, unit), apart(lower, each.lower, unit), apart(upper, each.upper, unit))).toBeLessThan(1e-8);
  });

  it("standardised one-step errors", () => {
    each.lastErrors.forEach((theirs, index) => {
      const ours = model.standardised[each.series.length - each.lastErrors.length + index] as number;
      if (each.series[each.series.length - each.lastErrors.length + index] === null) expect(ours).toBeNaN();
      else expect(ours).toBeCloseTo(theirs as number, 8);
    });
  });

  it("a fit at least as likely", () => {
    const { quality } = Arima.fit(seriesOf(each), paramsOf(each));
    expect(quality.converged).toBe(true);
    expect(quality.logLikelihood).toBeGreaterThan(counted(each.fittedLogLikelihood, each.lost) - 1e-4);
  });
});

describe.each(wasm.cases.map((each) => [each.name, each] as const))("%s: as in the arima package", (name, theirs) => {
  // Both fit, each with an optimiser of its own. Of this AR(1), theirs ends at a mean whose likelihood is lower by 0.8.
  const tolerance = name === "AR(1) near the unit root" ? 0.25 : 0.05;
  it("forecasts of the fitted model and their variances", () => {
    const each = statsmodels.cases.find((other) => other.name === name) as Case;
    const model = Arima.fit(seriesOf(each), paramsOf(each));
    const { mean, upper } = model.forecast(theirs.mean.length, 0.6826894921370859);
    theirs.mean.forEach((value, step) => {
      const deviation = (upper[step] as number) - (mean[step] as number);
      expect(Math.abs((mean[step] as number) - value) / deviation).toBeLessThan(tolerance);
      expect(deviation / Math.sqrt(theirs.variance[step] as number)).toBeCloseTo(1, 1);
    });
  });
});
