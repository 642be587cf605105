/**
 * Exponential smoothing of level, trend and season with additive errors: C. Holt (1957), P. Winters (1960), in the state-space form of
 * R. Hyndman, A. Koehler, K. Ord and R. Snyder, "Forecasting with Exponential Smoothing" (2008): ETS(A,N|A|Ad,N|A).
 * Errors beyond a few deviations are clipped before they move the state (S. Gelper, R. Fried and C. Croux, "Robust Forecasting with Exponential and Holt-Winters Smoothing", 2010).
 * A series whose season grows with its level is fed as its logarithm.
 */
import { InputError } from "../input-error.ts";
import { normalQuantile } from "../normal.ts";
import { nelderMead } from "../optimise/nelder-mead.ts";
import { median, medianAbsoluteDeviation, NORMAL_SCALE } from "../robust-score.ts";
import { checkValues, squarable } from "../sample-range.ts";
import { readSnapshot, writeSnapshot } from "../snapshot.ts";
import type { Forecast } from "./forecast.ts";

export interface HoltWintersParams {
  /** Samples per season; 0 (the default): no season. */
  readonly period?: number;
  /** A damped trend dies away with the forecast: the default, and the safer one far ahead (E. Gardner and E. McKenzie, 1985). */
  readonly trend?: "none" | "additive" | "damped";
  /** Errors beyond so many deviations count as that many. Default 3; Infinity: none is clipped. */
  readonly clip?: number;
  /** Each that is given is kept; each that is left out is fitted. alpha: level, 0 to 1; beta: trend, 0 to alpha; gamma: season, 0 to 1 - alpha; phi: damping, 0 to 1, fitted from 0.8 to 0.98. */
  readonly alpha?: number;
  readonly beta?: number;
  readonly gamma?: number;
  readonly phi?: number;
  /** State before the first sample; found from the first seasons where left out. `season` begins with the phase of the first sample. */
  readonly initial?: { readonly level: number; readonly slope: number; readonly season: ArrayLike<number> };
}

/** What smooths: constants of one model. */
interface Rates {
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
  readonly phi: number;
}

interface State {
  level: number;
  slope: number;
  /** Effect of each phase; empty without a season. */
  readonly season: Float64Array;
  /** The phase of the next sample. */
  phase: number;
}

const KIND = "holt-winters";
const VERSION = 1;
/** The variance of errors is that of so many last samples, and of at least four seasons. */
const MEMORY = 500;

export class HoltWinters {
  private readonly rates: Rates;
  private readonly state: State;
  private readonly clip: number;
  private variance: number;
  private count: number;

  private constructor(rates: Rates, state: State, clip: number, variance: number, count: number) {
    this.rates = rates;
    this.state = state;
    this.clip = clip;
    this.variance = variance;
    this.count = count;
  }

  /**
   * Finds the rates with the least squared one-step errors (clipped), and the state after the last sample. `values`: evenly spaced, NaN where missing.
   * Throws InputError for a value that is infinite or beyond 1e140, for less than two seasons (three samples without a season) and for a rate out of its range.
   */
  static fit(values: Float64Array, params: HoltWintersParams = {}): HoltWinters {
    const { period = 0, clip = 3 } = params;
    check(values, params);
    const initial = params.initial ?? firstState(values, period, params.trend ?? "damped");
    const began = (): State => ({ level: initial.level, slope: initial.slope, season: Float64Array.from(initial.season), phase: 0 });
    let bound = Number.POSITIVE_INFINITY;
    let rates = ratesOf(new Float64Array(freeRates(params)), params);
    const errors = new Float64Array(values.length);
    // Errors are clipped by a deviation that is known only after a fit: a first one with ordinary rates, then a fit, then once more.
    for (let round = 0; round < (Number.isFinite(clip) ? 2 : 1); round++) {
      if (Number.isFinite(clip)) {
        run(began(), rates, values, bound, errors);
        bound = clip * deviationOf(errors, values);
      }
      const start = new Float64Array(freeRates(params));
      const best = nelderMead((point) => run(began(), ratesOf(point, params), values, bound, errors), start, { step: 1 });
      rates = ratesOf(best.point, params);
    }
    const state = began();
    const squares = run(state, rates, values, bound, errors);
    const count = values.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : 1), 0);
    return new HoltWinters(rates, state, clip, squares / count, count);
  }

  /** alpha, beta, gamma and phi as given or fitted. */
  get parameters(): Readonly<Rates> {
    return this.rates;
  }

  /** Standard deviation of one-step errors, clipped ones counted as clipped. */
  get deviation(): number {
    return Math.sqrt(this.variance);
  }

  /**
   * Takes the next sample and returns its one-step error in deviations, signed; undefined where it is missing (NaN, infinite or beyond 1e140: time passes all the same)
   * and where the series was never anything but predictable. O(1), allocation-free.
   */
  update(value: number): number | undefined {
    const { state, rates } = this;
    if (Number.isNaN(value) || !squarable(value)) {
      move(state, rates, 0);
      return undefined;
    }
    const error = value - expected(state, rates);
    const deviation = this.deviation;
    const bound = deviation > 0 ? this.clip * deviation : Number.POSITIVE_INFINITY;
    const clipped = Math.max(-bound, Math.min(bound, error));
    move(state, rates, clipped);
    this.count++;
    this.variance += (clipped * clipped - this.variance) / Math.min(this.count, Math.max(MEMORY, 4 * state.season.length));
    return deviation > 0 ? error / deviation : error === 0 ? 0 : undefined;
  }

  /** Expected values and intervals of the next `steps` samples. Intervals assume normal errors of constant variance (Hyndman et al., table 6.1). `level`: 0 to 1, default 0.95. */
  forecast(steps: number, level = 0.95): Forecast {
    if (!Number.isInteger(steps) || steps < 1) throw new InputError(`steps is ${steps}: give a whole number from 1`);
    if (!(level > 0 && level < 1)) throw new InputError(`level is ${level}: give a probability above 0 and below 1`);
    const { rates, state, variance } = this;
    const width = normalQuantile((1 + level) / 2);
    const [mean, lower, upper] = [new Float64Array(steps), new Float64Array(steps), new Float64Array(steps)];
    const period = state.season.length;
    let damping = 0;
    let growth = 1;
    let power = 1;
    for (let step = 1; step <= steps; step++) {
      power *= rates.phi;
      damping += power;
      const season = period === 0 ? 0 : (state.season[(state.phase + step - 1) % period] as number);
      const middle = state.level + damping * state.slope + season;
      const half = width * Math.sqrt(variance * growth);
      mean[step - 1] = middle;
      lower[step - 1] = middle - half;
      upper[step - 1] = middle + half;
      // How far an error of now is felt so many steps later.
      const weight = rates.alpha + rates.beta * damping + (period > 0 && step % period === 0 ? rates.gamma : 0);
      growth += weight * weight;
    }
    return { mean, lower, upper, level };
  }

  /** All state, as bytes: see restore. */
  snapshot(): Uint8Array {
    const { rates, state, clip, variance, count } = this;
    return writeSnapshot(KIND, VERSION, [
      Float64Array.of(rates.alpha, rates.beta, rates.gamma, rates.phi, state.level, state.slope, state.phase, clip, variance, count),
      state.season,
    ]);
  }

  /** Goes on where the snapshot was taken. Throws InputError for what is none. */
  static restore(bytes: Uint8Array): HoltWinters {
    const reader = readSnapshot(bytes, KIND, VERSION);
    const numbers = new Float64Array(10);
    reader.into(numbers);
    const season = reader.float64();
    reader.end();
    const [alpha = 0, beta = 0, gamma = 0, phi = 0, level = 0, slope = 0, phase = 0, clip = 0, variance = 0, count = 0] = numbers;
    return new HoltWinters({ alpha, beta, gamma, phi }, { level, slope, season, phase }, clip, variance, count);
  }
}

function expected({ level, slope, season, phase }: State, { phi }: Rates): number {
  return level + phi * slope + (season.length === 0 ? 0 : (season[phase] as number));
}

/** One sample on, by its error. */
function move(state: State, { alpha, beta, gamma, phi }: Rates, error: number): void {
  const { season, phase } = state;
  state.level += phi * state.slope + alpha * error;
  state.slope = phi * state.slope + beta * error;
  if (season.length === 0) return;
  season[phase] = (season[phase] as number) + gamma * error;
  state.phase = phase + 1 === season.length ? 0 : phase + 1;
}

/** Sum of squared one-step errors, each cut at `bound`; the errors as they were go to `errors`, 0 where a sample is missing. */
function run(state: State, rates: Rates, values: Float64Array, bound: number, errors: Float64Array): number {
  let squares = 0;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    const error = Number.isNaN(value) ? 0 : value - expected(state, rates);
    errors[index] = error;
    const clipped = Math.max(-bound, Math.min(bound, error));
    squares += clipped * clipped;
    move(state, rates, clipped);
  }
  return squares;
}

/** Of the samples that are there: what is missing was no perfect forecast. */
function deviationOf(errors: Float64Array, values: Float64Array): number {
  const robust = medianAbsoluteDeviation(errors.filter((_, index) => !Number.isNaN(values[index]))) * NORMAL_SCALE;
  return robust > 0 ? robust : Number.POSITIVE_INFINITY;
}

function freeRates(params: HoltWintersParams): number {
  const { trend = "damped", period = 0 } = params;
  const wanted = [
    params.alpha,
    ...(trend === "none" ? [] : [params.beta]),
    ...(period === 0 ? [] : [params.gamma]),
    ...(trend === "damped" ? [params.phi] : []),
  ];
  return wanted.filter((given) => given === undefined).length;
}

/** Rates from unbounded numbers, so that each stays in its range; 0 gives alpha 0.3, beta 0.03, gamma 0.07, phi 0.95. */
function ratesOf(point: Float64Array, params: HoltWintersParams): Rates {
  const { trend = "damped", period = 0 } = params;
  let next = 0;
  const free = (offset: number): number => 1 / (1 + Math.exp(-(point[next++] as number) - offset));
  const alpha = params.alpha ?? 0.0001 + 0.9998 * free(-0.85);
  const beta = trend === "none" ? 0 : (params.beta ?? alpha * free(-2.2));
  const gamma = period === 0 ? 0 : (params.gamma ?? (1 - alpha) * free(-2.2));
  // Hyndman et al. keep phi between 0.8 and 0.98: below the trend is none, above it is not damped.
  const phi = trend === "damped" ? (params.phi ?? 0.8 + 0.18 * free(1.6)) : 1;
  return { alpha, beta, gamma, phi };
}

/** Level, slope and season before the first sample (Hyndman et al., section 2.6.1, by medians): from the first seasons, five at most, or the first ten samples. */
function firstState(values: Float64Array, period: number, trend: NonNullable<HoltWintersParams["trend"]>): NonNullable<HoltWintersParams["initial"]> {
  const count = Math.min(values.length, period === 0 ? 10 : period * Math.min(5, Math.floor(values.length / period)));
  const first = values.subarray(0, count);
  const slope = medianSlope(first, period === 0 ? count >> 1 : period);
  const level = medianOf(first.map((value, index) => value - slope * (index + 1)));
  const season = new Float64Array(period);
  for (let phase = 0; phase < period; phase++) {
    const effects = first.filter((_, index) => index % period === phase).map((value, index) => value - slope * (index * period + phase + 1) - level);
    season[phase] = medianOf(effects) || 0;
  }
  const middle = season.reduce((sum, effect) => sum + effect, 0) / Math.max(1, period);
  // Without a trend the state knows the line only as the level in its middle: that of the first season then.
  const ahead = trend === "none" ? slope * (Math.min(count, period || 10) / 2) : 0;
  return { level: (level || 0) + middle + ahead, slope: trend === "none" ? 0 : slope, season: season.map((effect) => effect - middle) };
}

/** The median, NaN values left out; NaN where all are. */
function medianOf(values: Float64Array): number {
  return median(values.filter((value) => !Number.isNaN(value)));
}

/** Median slope between samples `apart` from each other: a whole season, so that the season falls out. */
function medianSlope(values: Float64Array, apart: number): number {
  return medianOf(values.subarray(apart).map((value, index) => (value - (values[index] as number)) / apart)) || 0;
}

function check(values: Float64Array, params: HoltWintersParams): void {
  const { period = 0, trend = "damped", clip = 3, initial } = params;
  if (!Number.isInteger(period) || period < 0 || period === 1)
    throw new InputError(`period is ${period}: give the samples per season, a whole number from 2, or 0 for none`);
  const least = Math.max(3, 2 * period);
  if (values.length < least) throw new InputError(`${values.length} samples are too few: give at least ${least}`);
  checkValues(values);
  if (values.every(Number.isNaN)) throw new InputError("every sample is missing: there is nothing to fit");
  if (!(clip > 0)) throw new InputError(`clip is ${clip}: give a number of deviations above 0, Infinity for none`);
  const inRange = (name: "alpha" | "beta" | "gamma" | "phi", most: number): void => {
    const rate = params[name];
    if (rate !== undefined && !(rate >= 0 && rate <= most)) throw new InputError(`${name} is ${rate}: give a number from 0 to ${most}`);
  };
  for (const name of ["alpha", "beta", "gamma", "phi"] as const) inRange(name, 1);
  const { alpha, beta, gamma } = params;
  if (alpha !== undefined && beta !== undefined && beta > alpha) throw new InputError(`beta is ${beta}: give at most alpha, ${alpha}`);
  if (alpha !== undefined && gamma !== undefined && alpha + gamma > 1) throw new InputError(`gamma is ${gamma}: give at most 1 - alpha, ${1 - alpha}`);
  if (trend === "none" && params.beta !== undefined) throw new InputError("beta is given and trend is none: leave one of them out");
  if (initial !== undefined && initial.season.length !== period)
    throw new InputError(`the initial season has ${initial.season.length} phases, period is ${period}`);
}
