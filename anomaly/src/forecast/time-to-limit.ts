/**
 * When a series that grows will reach its limit: a disk, a quota, memory that leaks. It would rather say nothing than cry wolf: a rise must be steadier than chance,
 * and what is cleaned up again and again does not fill.
 */
import { InputError } from "../input-error.ts";
import { median, NORMAL_SCALE } from "../robust-score.ts";
import { checkValues, squarable } from "../sample-range.ts";
import { type SenSlope, senSlope } from "./sen-slope.ts";

export interface TimeToLimitParams {
  /** The limit, in the unit of the values. The series grows towards it from below. */
  readonly limit: number;
  /** Probability with which the limit is reached between `earliest` and `latest`, if it goes on as it did. Default 0.9. */
  readonly level?: number;
  /** A rise counts where chance would give one so steady with at most this probability. Default 0.01. */
  readonly significance?: number;
  /** A cycle of the series in milliseconds (a day: 86400000): where two are there, only samples of one phase are compared. Default: none. */
  readonly period?: number;
}

export type LimitVerdict =
  /** It grows, and `at` says when it is there. */
  | "growing"
  /** It is at the limit or above now. */
  | "reached"
  /** No rise that is steadier than chance. */
  | "steady"
  /** It falls back again and again, and its peaks do not grow. */
  | "cleaned-up"
  /** Too few samples to tell. */
  | "unknown";

export interface LimitForecast {
  readonly verdict: LimitVerdict;
  /** Milliseconds in the time of the samples: when the limit is reached. Only where growing or reached. */
  readonly at?: number;
  readonly earliest?: number;
  /** Undefined where the rise may be too slow to ever get there. */
  readonly latest?: number;
  /** Rise per hour, in the unit of the values; where growing. */
  readonly perHour?: number;
  /** Probability of so steady a rise by chance; where a trend was looked at. */
  readonly pValue?: number;
  /** Since when it grows so: the first sample of the trend. */
  readonly since?: number;
}

/** Medians of so many stretches stand for the series: pairs are compared, so cost is their square. */
const STRETCHES = 160;
/** Fewer samples tell no trend. */
const LEAST = 12;
/** A fall counts as cleaning up where it is beyond so many deviations of ordinary steps, and takes back so much of the rise since the last. */
const FALL_DEVIATIONS = 8;
const FALL_SHARE = 0.3;
/** From so many falls on it is a habit. */
const HABIT = 3;
const HOUR = 3_600_000;

/**
 * `times` in milliseconds, `values` in any unit, alike long. Missing (NaN) samples and those whose time does not rise (a clock that stepped back) are left out.
 * Throws InputError where lengths differ, a value or the limit is infinite or beyond 1e140, or a parameter is out of its range.
 */
export function timeToLimit(times: Float64Array, values: Float64Array, params: TimeToLimitParams): LimitForecast {
  const { limit, level = 0.9, significance = 0.01, period = 0 } = params;
  check(times, values, { limit, level, significance, period });
  const series = usable(times, values);
  const count = series.values.length;
  const last = count - 1;
  if (count > 0 && (series.values[last] as number) >= limit) return { verdict: "reached", at: series.times[last] as number };
  if (count < LEAST) return { verdict: "unknown" };
  const falls = fallsOf(series.values);
  const tooth = from(series, falls.at(-1) ?? 0);
  if (falls.length >= HABIT) {
    const peaks = {
      times: Float64Array.from(falls, (fall) => series.times[fall - 1] as number),
      values: Float64Array.from(falls, (fall) => series.values[fall - 1] as number),
    };
    if ((series.values[last] as number) <= usualPeak(peaks.values)) {
      const trend = peaks.values.length >= 5 ? senSlope(peaks.times, peaks.values, level) : undefined;
      if (trend === undefined || trend.pValue > significance || trend.lower <= 0) return { verdict: "cleaned-up" };
      return growing(peaks, trend, limit, series.times[last] as number);
    }
  }
  if (tooth.values.length < LEAST) return { verdict: falls.length >= HABIT ? "cleaned-up" : "unknown" };
  return trendOf(tooth, { limit, level, significance, period });
}

interface Series {
  readonly times: Float64Array;
  readonly values: Float64Array;
}

/**
 * The trend of the whole, or of its last half, quarter, eighth where those say something else: the newest trend that is sure of itself and rules the longer one out.
 */
function trendOf(series: Series, { limit, level, significance, period }: Required<TimeToLimitParams>): LimitForecast {
  const now = series.times.at(-1) as number;
  let chosen: { readonly part: Series; readonly trend: SenSlope } | undefined;
  for (let share = 1; share >= 1 / 8; share /= 2) {
    const cycles = period === 0 ? 0 : Math.floor((share * (now - (series.times[0] as number))) / period + 0.01);
    // A cycle seen once tells nothing of a trend: what is shorter than two is looked at as it is only where nothing longer is there.
    if (period > 0 && cycles < 2 && chosen !== undefined) break;
    const part = cycles < 2 ? { ...stretches(lastShare(series, share)), phases: undefined } : phased(series, period, cycles);
    if (part.values.length < LEAST) break;
    const trend = senSlope(part.times, part.values, level, part.phases);
    // Four looks at the same series: each must be four times as sure.
    const sure = trend.pValue <= significance / 4;
    if (chosen === undefined) chosen = { part, trend };
    else if (sure && (trend.lower > chosen.trend.upper || trend.upper < chosen.trend.lower)) chosen = { part, trend };
  }
  if (chosen === undefined) return { verdict: "unknown" };
  const { part, trend } = chosen;
  if (trend.pValue > significance / 4 || trend.lower <= 0) return { verdict: "steady", pValue: trend.pValue };
  return growing(part, trend, limit, now);
}

/** The highest that it may get before it is cleaned up: no peak was higher, nor rose further above the one before. Above that the cleaning did not come. */
function usualPeak(peaks: Float64Array): number {
  let [highest, step] = [peaks[0] as number, 0];
  for (let index = 1; index < peaks.length; index++) {
    step = Math.max(step, (peaks[index] as number) - (peaks[index - 1] as number));
    highest = Math.max(highest, peaks[index] as number);
  }
  return highest + step;
}

function growing(part: Series, { slope, lower, upper, intercept, crest, pValue }: SenSlope, limit: number, now: number): LimitForecast {
  const rest = part.values.map((value, index) => value - slope * (part.times[index] as number) - intercept).sort();
  // Peaks above the line get there first.
  const peak = Math.max(crest, rest[Math.floor(0.95 * (rest.length - 1))] as number);
  const middle = ((part.times[0] as number) + (part.times.at(-1) as number)) / 2;
  const centre = intercept + slope * middle;
  const reach = (rise: number, above: number): number => Math.max(now, middle + (limit - centre - above) / rise);
  const at = reach(slope, crest);
  if (!Number.isFinite(at)) return { verdict: "steady", pValue };
  const latest = reach(lower, crest);
  return {
    verdict: "growing",
    at,
    earliest: reach(upper, peak),
    ...(Number.isFinite(latest) ? { latest } : {}),
    perHour: slope * HOUR,
    pValue,
    since: part.times[0] as number,
  };
}

function usable(times: Float64Array, values: Float64Array): Series {
  const kept: Series = { times: new Float64Array(times.length), values: new Float64Array(values.length) };
  let count = 0;
  let latest = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < values.length; index++) {
    const time = times[index] as number;
    if (Number.isNaN(values[index]) || !(time > latest)) continue;
    latest = time;
    kept.times[count] = time;
    kept.values[count++] = values[index] as number;
  }
  return { times: kept.times.subarray(0, count), values: kept.values.subarray(0, count) };
}

/** Where the series fell back: the sample after each fall. */
function fallsOf(values: Float64Array): number[] {
  const steps = values.subarray(1).map((value, index) => value - (values[index] as number));
  const middle = median(steps);
  const deviation = NORMAL_SCALE * median(steps.map((step) => Math.abs(step - middle)));
  const falls: number[] = [];
  let least = values[0] as number;
  let most = least;
  for (let index = 1; index < values.length; index++) {
    const value = values[index] as number;
    const fall = (values[index - 1] as number) - value;
    if (fall > FALL_DEVIATIONS * deviation && fall > 0 && fall >= FALL_SHARE * (most - least)) {
      falls.push(index);
      least = value;
      most = value;
    }
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return falls;
}

function from({ times, values }: Series, start: number): Series {
  return { times: times.subarray(start), values: values.subarray(start) };
}

/** The last part by time, not by number of samples. */
function lastShare(series: Series, share: number): Series {
  const { times } = series;
  const begin = (times.at(-1) as number) - share * ((times.at(-1) as number) - (times[0] as number));
  return from(
    series,
    times.findIndex((time) => time >= begin),
  );
}

/** Medians of times and values over stretches of alike many samples. */
function stretches({ times, values }: Series): Series {
  const size = Math.ceil(values.length / STRETCHES);
  if (size === 1) return { times, values };
  const count = Math.floor(values.length / size);
  const offset = values.length - count * size;
  const middle = (of: Float64Array): Float64Array =>
    Float64Array.from({ length: count }, (_, index) => median(of.subarray(offset + index * size, offset + (index + 1) * size)));
  return { times: middle(times), values: middle(values) };
}

/** The last `cycles` cycles, as medians over stretches of alike length in time, each with its phase of the cycle. */
function phased({ times, values }: Series, period: number, cycles: number): Series & { readonly phases: Int32Array } {
  const perCycle = Math.max(8, Math.floor(STRETCHES / cycles));
  const width = period / perCycle;
  const end = times.at(-1) as number;
  const begin = end - cycles * period;
  const stretchOf = (time: number): number => Math.min(cycles * perCycle - 1, Math.floor((time - begin) / width));
  const found: { readonly time: number; readonly value: number; readonly phase: number }[] = [];
  let start = times.findIndex((time) => time >= begin);
  for (let index = start; index < times.length; index++) {
    const stretch = stretchOf(times[index] as number);
    if (index + 1 < times.length && stretchOf(times[index + 1] as number) === stretch) continue;
    const middle = { time: median(times.subarray(start, index + 1)), value: median(values.subarray(start, index + 1)), phase: stretch % perCycle };
    found.push(middle);
    start = index + 1;
  }
  return {
    times: Float64Array.from(found, ({ time }) => time),
    values: Float64Array.from(found, ({ value }) => value),
    phases: Int32Array.from(found, ({ phase }) => phase),
  };
}

function check(times: Float64Array, values: Float64Array, { limit, level, significance, period }: Required<TimeToLimitParams>): void {
  if (times.length !== values.length) throw new InputError(`${times.length} times and ${values.length} values: give one time per value`);
  checkValues(values);
  if (Number.isNaN(limit) || !squarable(limit)) throw new InputError(`limit is ${limit}: give a number in the unit of the values`);
  if (!(level > 0 && level < 1)) throw new InputError(`level is ${level}: give a probability above 0 and below 1`);
  if (!(significance > 0 && significance < 1)) throw new InputError(`significance is ${significance}: give a probability above 0 and below 1`);
  if (!(period >= 0 && Number.isFinite(period))) throw new InputError(`period is ${period}: give milliseconds, 0 for none`);
}
