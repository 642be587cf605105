/**
 * STL: a series taken apart into season, trend and remainder by local regression.
 * R. B. Cleveland, W. S. Cleveland, J. E. McRae and I. Terpenning, "STL: A Seasonal-Trend Decomposition Procedure Based on Loess" (1990).
 * It looks at the whole series, past and future: for backfill and for pictures, not for live scores.
 */
import { InputError } from "../input-error.ts";
import { checkValues } from "../sample-range.ts";
import { type Grid, loess, loessAt } from "./loess.ts";

export interface StlParams {
  /** Samples per season, a whole number from 2. The series must hold two of them. */
  readonly period: number;
  /** Odd number of seasons over which one phase of the season is smoothed, from 3. Default 7: the season may change within weeks. */
  readonly seasonal?: number;
  /** Odd number of samples over which the trend is smoothed. Default: the least above 1.5 period / (1 - 1.5 / seasonal), as the paper has it. */
  readonly trend?: number;
  /** Odd number of samples of the low-pass filter. Default: the least odd number above the period. */
  readonly lowPass?: number;
  /** 1 fits lines, 0 levels. Defaults 1. */
  readonly seasonalDegree?: 0 | 1;
  readonly trendDegree?: 0 | 1;
  readonly lowPassDegree?: 0 | 1;
  /** The smooth is computed at every so-many-th sample and is straight between. Default: a tenth of its window, which the paper found to change nothing that matters. */
  readonly seasonalJump?: number;
  readonly trendJump?: number;
  readonly lowPassJump?: number;
  /** Outliers are given less and less weight. Default true: what is decomposed here is looked at because something may be wrong in it. */
  readonly robust?: boolean;
  /** Default 2 where robust, else 5. */
  readonly innerIterations?: number;
  /** Default 15 where robust, else 0. */
  readonly outerIterations?: number;
}

export interface Decomposition {
  readonly trend: Float64Array;
  readonly seasonal: Float64Array;
  /** value - trend - seasonal; NaN where the value is missing. */
  readonly remainder: Float64Array;
  /** How far each sample was trusted at the end, 0 to 1; 0 where it is missing. */
  readonly weights: Float64Array;
}

/**
 * Takes `values` (one per sample, evenly spaced, NaN where missing) apart. Missing samples weigh nothing, and trend and season bridge them.
 * Throws InputError for a value that is infinite or beyond 1e140, for less than two periods, and for a parameter out of its range.
 */
export function stl(values: Float64Array, params: StlParams): Decomposition {
  const options = checked(values, params);
  const { period, innerIterations, outerIterations } = options;
  const present = Float64Array.from(values, (value) => (Number.isNaN(value) ? 0 : 1));
  const room = new Room(bridged(values), present.slice(), period, options);
  for (let outer = 0; ; outer++) {
    for (let inner = 0; inner < innerIterations; inner++) smoothOnce(room, options);
    if (outer >= outerIterations) break;
    trust(room, present);
  }
  const { trend, seasonal, weights } = room;
  const remainder = values.map((value, index) => value - (trend[index] as number) - (seasonal[index] as number));
  return { trend, seasonal, remainder, weights };
}

/** Strengths of trend and season, 0 to 1: how much of the variance goes away with each. X. Wang, K. Smith and R. Hyndman, "Characteristic-Based Clustering for Time Series Data" (2006). */
export function strengths({ trend, seasonal, remainder }: Decomposition): { readonly trend: number; readonly seasonal: number } {
  const of = (part: Float64Array): number => {
    const whole = variance(part.map((value, index) => value + (remainder[index] as number)));
    return whole === 0 ? 0 : Math.max(0, 1 - variance(remainder) / whole);
  };
  return { trend: of(trend), seasonal: of(seasonal) };
}

type Options = Required<StlParams>;

/** What one pass works on, made once. */
class Room {
  readonly trend: Float64Array;
  readonly seasonal: Float64Array;
  readonly weights: Float64Array;
  readonly values: Float64Array;
  /** Seasons with one more period before and after. */
  readonly longer: Float64Array;
  readonly first: Float64Array;
  readonly second: Float64Array;
  readonly kernel: Float64Array;
  readonly phase: { readonly values: Float64Array; readonly weights: Float64Array; readonly smooth: Float64Array };
  readonly ones: Float64Array;

  constructor(values: Float64Array, weights: Float64Array, period: number, { seasonal, trend, lowPass }: Options) {
    const count = values.length;
    const seasons = Math.ceil(count / period);
    this.values = values;
    this.weights = weights;
    this.trend = new Float64Array(count);
    this.seasonal = new Float64Array(count);
    this.longer = new Float64Array(count + 2 * period);
    this.first = new Float64Array(count + 2 * period);
    this.second = new Float64Array(count + 2 * period);
    this.ones = new Float64Array(count).fill(1);
    this.kernel = new Float64Array(Math.max(seasonal, trend, lowPass, count));
    this.phase = { values: new Float64Array(seasons), weights: new Float64Array(seasons), smooth: new Float64Array(seasons) };
  }
}

/** The inner loop of the paper, its steps 1 to 6. */
function smoothOnce(room: Room, options: Options): void {
  const { values, trend, seasonal, weights, longer, first, second, kernel, ones } = room;
  const { period, lowPass, lowPassDegree, lowPassJump } = options;
  const count = values.length;
  for (let index = 0; index < count; index++) first[index] = (values[index] as number) - (trend[index] as number);
  smoothPhases(room, first, options);
  // What is slow in the smoothed phases belongs to the trend.
  movingAverage(longer, count + 2 * period, period, first);
  movingAverage(first, count + period + 1, period, second);
  movingAverage(second, count + 2, 3, first);
  loess({ values: first, weights: ones, length: count }, lowPass, lowPassDegree, lowPassJump, second, kernel);
  for (let index = 0; index < count; index++) {
    seasonal[index] = (longer[period + index] as number) - (second[index] as number);
    first[index] = (values[index] as number) - (seasonal[index] as number);
  }
  loess({ values: first, weights, length: count }, options.trend, options.trendDegree, options.trendJump, trend, kernel);
}

/** Smooths each phase of the season over the seasons, and goes on one season beyond both ends. */
function smoothPhases({ longer, weights, kernel, phase }: Room, detrended: Float64Array, { period, seasonal, seasonalDegree, seasonalJump }: Options): void {
  const count = weights.length;
  for (let start = 0; start < period; start++) {
    const length = Math.floor((count - start - 1) / period) + 1;
    const grid: Grid = { values: phase.values, weights: phase.weights, length };
    for (let season = 0; season < length; season++) {
      phase.values[season] = detrended[season * period + start] as number;
      phase.weights[season] = weights[season * period + start] as number;
    }
    loess(grid, seasonal, seasonalDegree, seasonalJump, phase.smooth, kernel);
    const width = Math.min(seasonal, length);
    const before = loessAt(grid, seasonal, seasonalDegree, -1, 0, width - 1, kernel) ?? (phase.smooth[0] as number);
    const after = loessAt(grid, seasonal, seasonalDegree, length, length - width, length - 1, kernel) ?? (phase.smooth[length - 1] as number);
    longer[start] = before;
    for (let season = 0; season < length; season++) longer[(season + 1) * period + start] = phase.smooth[season] as number;
    longer[(length + 1) * period + start] = after;
  }
}

/** Means of `width` values in a row, into `out`: length - width + 1 of them. */
function movingAverage(values: Float64Array, length: number, width: number, out: Float64Array): void {
  let sum = 0;
  for (let index = 0; index < width; index++) sum += values[index] as number;
  out[0] = sum / width;
  for (let index = width; index < length; index++) {
    sum += (values[index] as number) - (values[index - width] as number);
    out[index - width + 1] = sum / width;
  }
}

/** The outer loop: bisquare weights by the size of the remainder, cut at six times its median. */
function trust({ values, trend, seasonal, weights }: Room, present: Float64Array): void {
  const sizes = values.map((value, index) => Math.abs(value - (trend[index] as number) - (seasonal[index] as number)));
  const sorted = sizes.filter((_, index) => present[index] === 1).sort();
  const middle = sorted.length >> 1;
  const cut = 3 * ((sorted[middle] as number) + (sorted[sorted.length - middle - 1] as number));
  sizes.forEach((size, index) => {
    const part = 1 - (size / cut) ** 2;
    const trusted = size <= 0.001 * cut ? 1 : size <= 0.999 * cut ? part * part : 0;
    weights[index] = trusted * (present[index] as number);
  });
}

/** Missing samples on a straight line between their neighbours: only where nothing near them is known are they looked at. */
function bridged(values: Float64Array): Float64Array {
  const filled = values.slice();
  let known = -1;
  for (let index = 0; index < filled.length; index++) {
    if (Number.isNaN(filled[index])) continue;
    const from = known < 0 ? index : known;
    const rise = known < 0 ? 0 : ((filled[index] as number) - (filled[known] as number)) / (index - known);
    for (let gap = known + 1; gap < index; gap++) filled[gap] = (filled[from] as number) + rise * (gap - from);
    known = index;
  }
  return filled.fill(filled[known] as number, known + 1);
}

function variance(values: Float64Array): number {
  let count = 0;
  let mean = 0;
  let squares = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    count++;
    const distance = value - mean;
    mean += distance / count;
    squares += distance * (value - mean);
  }
  return count === 0 ? 0 : squares / count;
}

function checked(values: Float64Array, params: StlParams): Options {
  const { period, seasonal = 7, robust = true } = params;
  if (!Number.isInteger(period) || period < 2) throw new InputError(`period is ${period}: give the samples per season, a whole number from 2`);
  if (values.length < 2 * period) throw new InputError(`${values.length} samples hold no two seasons of ${period}: give at least ${2 * period}`);
  checkValues(values);
  if (values.every(Number.isNaN)) throw new InputError("every sample is missing: there is nothing to decompose");
  const odd = (name: string, window: number): number => {
    if (!Number.isInteger(window) || window < 3 || window % 2 === 0) throw new InputError(`${name} is ${window}: give an odd number from 3`);
    return window;
  };
  const widest = odd("seasonal", seasonal);
  const trend = odd("trend", params.trend ?? oddAbove((1.5 * period) / (1 - 1.5 / widest)));
  const lowPass = odd("lowPass", params.lowPass ?? oddAbove(period + 1));
  const jump = (name: string, given: number | undefined, window: number): number => {
    const step = given ?? Math.max(1, Math.ceil(window / 10));
    if (!Number.isInteger(step) || step < 1) throw new InputError(`${name} is ${step}: give a whole number from 1`);
    return step;
  };
  const { seasonalDegree = 1, trendDegree = 1, lowPassDegree = 1 } = params;
  return {
    period,
    seasonal,
    trend,
    lowPass,
    seasonalDegree,
    trendDegree,
    lowPassDegree,
    robust,
    seasonalJump: jump("seasonalJump", params.seasonalJump, seasonal),
    trendJump: jump("trendJump", params.trendJump, trend),
    lowPassJump: jump("lowPassJump", params.lowPassJump, lowPass),
    innerIterations: params.innerIterations ?? (robust ? 2 : 5),
    outerIterations: params.outerIterations ?? (robust ? 15 : 0),
  };
}

/** The least odd whole number that is not below `value`. */
function oddAbove(value: number): number {
  const whole = Math.ceil(value);
  return whole % 2 === 0 ? whole + 1 : whole;
}
