/** How far forecasts are off, from origins that roll through the second half of a series: each is made with what was known at its origin. */
import type { Forecast } from "../../src/index.ts";
import type { NamedSeries } from "./series.ts";

/** One way to forecast. It is made from the known part, told every later sample, and asked at each origin. */
export interface Forecaster {
  update(value: number): unknown;
  forecast(steps: number, level: number): Forecast;
}

export type Method = (known: Float64Array, day: number) => Forecaster;

export const HORIZONS = [1, 12, 48] as const;
export const LEVEL = 0.95;
const LONGEST = HORIZONS[HORIZONS.length - 1] as number;
const ORIGINS = 20;
/** What a fit is made from at most: two weeks of 5 minutes. */
const MOST_KNOWN = 4_032;

/** Per horizon: mean absolute scaled error over the steps up to it, and the share of its last steps that lay within their interval. */
export interface Accuracy {
  readonly scaledError: readonly number[];
  readonly coverage: readonly number[];
}

export interface Split {
  readonly known: Float64Array;
  readonly later: Float64Array;
  /** Numbers of later samples that are known at each origin. */
  readonly origins: readonly number[];
  /** Mean absolute difference of neighbours in the known part, which errors are in units of. 0 where it is constant. */
  readonly scale: number;
}

export function splitOf({ values }: NamedSeries): Split {
  const half = values.length >> 1;
  const known = values.subarray(Math.max(0, half - MOST_KNOWN), half);
  const later = values.subarray(half);
  const last = later.length - LONGEST;
  const origins = [...new Set(Array.from({ length: ORIGINS }, (_, index) => Math.floor((index * last) / (ORIGINS - 1))))];
  let scale = 0;
  for (let time = 1; time < known.length; time++) scale += Math.abs((known[time] as number) - (known[time - 1] as number)) / (known.length - 1);
  return { known, later, origins, scale };
}

/** Undefined where the method refuses the series. */
export function accuracyOf(method: Method, series: NamedSeries): Accuracy {
  const { known, later, origins } = splitOf(series);
  const forecaster = method(known, series.day);
  let told = 0;
  const forecasts = origins.map((origin) => {
    for (; told < origin; told++) forecaster.update(later[told] as number);
    return forecaster.forecast(LONGEST, LEVEL);
  });
  return judged(series, forecasts);
}

export function judged(series: NamedSeries, forecasts: readonly Pick<Forecast, "mean" | "lower" | "upper">[]): Accuracy {
  const { later, origins, scale } = splitOf(series);
  const errors = HORIZONS.map(() => 0);
  const held = HORIZONS.map(() => 0);
  origins.forEach((origin, index) => {
    const { mean, lower, upper } = forecasts[index] as Forecast;
    HORIZONS.forEach((horizon, row) => {
      for (let step = 0; step < horizon; step++)
        errors[row] = (errors[row] as number) + Math.abs((mean[step] as number) - (later[origin + step] as number)) / scale / horizon / origins.length;
      const value = later[origin + horizon - 1] as number;
      const slack = 1e-9 * Math.abs(value);
      if (value >= (lower[horizon - 1] as number) - slack && value <= (upper[horizon - 1] as number) + slack)
        held[row] = (held[row] as number) + 1 / origins.length;
    });
  });
  return { scaledError: errors, coverage: held };
}
