/** From named series to rows of vectors: the one way, for training and for serving. Causal: a row holds what was known at its time. */
import { InputError } from "../input-error.ts";
import { type Matrix, matrix } from "../matrix.ts";
import { checkSchema, type Feature, type FeatureSchema } from "./feature-schema.ts";
import { factorBetween } from "./units.ts";

export interface NamedSeries {
  readonly name: string;
  /** Of the samples; of a counter, that of what it counts: "requests". */
  readonly unit: string;
  /** Milliseconds since 1970, never falling. */
  readonly times: ArrayLike<number>;
  /** One sample for each time. What is not a finite number is as if it were not there. */
  readonly values: ArrayLike<number>;
}

export interface FeatureSpan {
  /** Time of the first row, in milliseconds since 1970. */
  readonly from: number;
  /** No row is later. */
  readonly to: number;
  /** A sample that is older than this at the time of its row, in milliseconds, is none; two steps where left out, for one sample may come late. */
  readonly staleness?: number;
}

export interface FeatureRows {
  /** Time of each row. */
  readonly times: Float64Array;
  /** One column per feature, in the schema's order and unit; NaN where there is a gap. */
  readonly rows: Matrix;
}

/** One GiB of them. */
const MOST_ENTRIES = 2 ** 27;

/**
 * Rows one step apart. A gauge's entry is its last sample at or before the row's time. A counter's is its rate per second from the last sample of the row before to that of
 * this row; where it fell it was reset, and has counted from zero since, as PromQL's `rate` has it. Series may come in any order; those that the schema does not name are not read.
 * A series without samples is a column of gaps. Throws InputError, with the name of the feature, where a series is missing or given twice, is in a unit that cannot become the
 * schema's, has times and values of different length, or goes back in time.
 */
export function extractFeatures(series: readonly NamedSeries[], schema: FeatureSchema, { from, to, staleness = 2 * schema.step }: FeatureSpan): FeatureRows {
  checkSchema(schema);
  if (!(Number.isFinite(from) && Number.isFinite(to) && from <= to)) throw new InputError(`rows from ${from} to ${to}: both must be times, in this order`);
  if (!(staleness > 0)) throw new InputError(`the staleness is ${staleness}: it must be above 0 milliseconds`);
  const { features, step } = schema;
  const count = Math.floor((to - from) / step) + 1;
  if (count * features.length > MOST_ENTRIES)
    throw new InputError(
      `rows from ${from} to ${to} every ${step} ms are ${count} of ${features.length} features: give a span of at most ${MOST_ENTRIES} entries`,
    );
  const times = Float64Array.from({ length: count }, (_, row) => from + row * step);
  const rows = matrix(count, features.length);
  features.forEach((feature, column) => {
    const given = series.filter(({ name }) => name === feature.name);
    const [only] = given;
    if (only === undefined) throw new InputError(`no series "${feature.name}" is given: give one without samples where there are none`);
    if (given.length > 1) throw new InputError(`the series "${feature.name}" is given ${given.length} times`);
    checkSeries(only);
    const factor = factorOf(only, feature);
    const entries = feature.kind === "gauge" ? gaugeAt(only, times, staleness) : rateAt(only, times, step, staleness);
    for (let row = 0; row < count; row++) rows.values[row * features.length + column] = (entries[row] as number) * factor;
  });
  return { times, rows };
}

function checkSeries({ name, times, values }: NamedSeries): void {
  if (times.length !== values.length) throw new InputError(`"${name}" has ${times.length} times and ${values.length} values: give one value for each time`);
  for (let index = 0; index < times.length; index++) {
    const time = times[index] as number;
    if (!Number.isFinite(time)) throw new InputError(`time ${index} of "${name}" is ${time}`);
    if (index > 0 && time < (times[index - 1] as number)) throw new InputError(`"${name}" goes back in time at sample ${index}: sort it by time`);
  }
}

function factorOf({ name, unit }: NamedSeries, feature: Feature): number {
  const measured = feature.kind === "counter" ? `${unit}/s` : unit;
  const factor = factorBetween(measured, feature.unit);
  if (factor === undefined) throw new InputError(`"${name}" is in ${measured}, which cannot become ${feature.unit}`);
  return factor;
}

/** At each time, the last sample that is not older than `staleness`. */
function gaugeAt({ times: sampled, values }: NamedSeries, times: Float64Array, staleness: number): Float64Array {
  let next = 0;
  let last = Number.NaN;
  let lastAt = Number.NEGATIVE_INFINITY;
  return times.map((time) => {
    for (; next < sampled.length && (sampled[next] as number) <= time; next++) {
      if (!Number.isFinite(values[next])) continue;
      last = values[next] as number;
      lastAt = sampled[next] as number;
    }
    return time - lastAt < staleness ? last : Number.NaN;
  });
}

/** At each time, the rise per second since the last sample of the time one step before; NaN where one of the two is a gap. */
function rateAt({ times: sampled, values }: NamedSeries, times: Float64Array, step: number, staleness: number): Float64Array {
  let next = 0;
  let last = Number.NaN;
  let lastAt = Number.NEGATIVE_INFINITY;
  // What was counted since the first sample, resets or not.
  let total = 0;
  const advance = (time: number): void => {
    for (; next < sampled.length && (sampled[next] as number) <= time; next++) {
      const value = values[next] as number;
      if (!Number.isFinite(value)) continue;
      if (!Number.isNaN(last)) total += value >= last ? value - last : value;
      last = value;
      lastAt = sampled[next] as number;
    }
  };
  const sampleAt = (time: number): number => {
    advance(time);
    return time - lastAt < staleness ? lastAt : Number.NaN;
  };
  let before = sampleAt((times[0] as number) - step);
  let totalBefore = total;
  return times.map((time) => {
    const now = sampleAt(time);
    const rate = now > before ? ((total - totalBefore) / (now - before)) * 1_000 : Number.NaN;
    before = now;
    totalBefore = total;
    return rate;
  });
}
