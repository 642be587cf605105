/** What is known of an incident, as it is given to the ranking of its causes. */
import { InputError } from "../input-error.ts";

/** Along a dependency, where does trouble seen in a metric go? Latency and failures to those who call; load to those who are called; processor and memory nowhere. */
export type Spread = "callers" | "callees" | "nowhere";

/** One metric of one node. */
export interface MetricSeries {
  readonly node: string;
  /** The same name means the same thing on every node: "latency", "availability". */
  readonly metric: string;
  /** "callers" where left out. */
  readonly spread?: Spread;
  /** The direction that is bad; where it is given, the other one counts for nothing. Both where left out. */
  readonly bad?: "up" | "down";
  /** Samples from when all was well, in order, NaN where one is missing. At least 8 have to be there, else nothing is said of the series. */
  readonly before: Float64Array;
  /** One sample for each of the incident's times, NaN where one is missing. */
  readonly during: Float64Array;
}

/** `from` depends on `to`: it calls it, runs on it, or is owned by it. */
export interface Dependency {
  readonly from: string;
  readonly to: string;
}

/** Something that was done to a node. */
export interface Change {
  readonly node: string;
  readonly at: number;
  /** For people, as "rollout of web". */
  readonly what: string;
}

/** All that is known when causes are ranked. */
export interface Incident {
  /** Of the samples during the incident, growing; in one unit with `at` and `changeHalfLife`. */
  readonly times: Float64Array;
  readonly series: readonly MetricSeries[];
  /**
   * What was noticed, and where; without it every anomaly counts alike. `at`: since when it is there, not when it was noticed; samples before it show how it was just
   * before. The first time of the incident where left out.
   */
  readonly symptom?: { readonly node: string; readonly metric?: string; readonly at?: number };
  /** Cycles, loops and repeated edges are allowed; nodes without series are passed through, for nothing is known of them. */
  readonly dependencies?: readonly Dependency[];
  readonly changes?: readonly Change[];
}

/** Throws InputError for what cannot be meant. */
export function checkIncident({ times, series, symptom, dependencies = [], changes = [] }: Incident): void {
  if (times.length === 0) throw new InputError("the incident has no times: give at least one, and a sample for it");
  times.forEach((time, index) => {
    if (!Number.isFinite(time)) throw new InputError(`time ${index} is ${time}: give a finite number`);
    if (index > 0 && time <= (times[index - 1] as number)) throw new InputError(`time ${index} is ${time}, not after the one before it: give times that rise`);
  });
  const seen = new Map<string, Set<string>>();
  for (const each of series) {
    const { node, metric, during } = each;
    const metrics = seen.get(node) ?? new Set();
    if (metrics.has(metric)) throw new InputError(`${named(each)} is there twice: give each metric of a node once`);
    seen.set(node, metrics.add(metric));
    if (during.length !== times.length)
      throw new InputError(
        `${named(each)} has ${during.length} samples during the incident and ${times.length} times: give one for each time, NaN where it is missing`,
      );
  }
  const isKnown = (node: string): boolean => seen.has(node) || dependencies.some(({ from, to }) => from === node || to === node);
  if (symptom !== undefined && !isKnown(symptom.node))
    throw new InputError(`the symptom is at node ${JSON.stringify(symptom.node)}, of which there is neither a series nor a dependency`);
  if (symptom?.at !== undefined && !Number.isFinite(symptom.at)) throw new InputError(`the symptom is there since ${symptom.at}: give a finite time`);
  for (const { node, at, what } of changes)
    if (!Number.isFinite(at)) throw new InputError(`the change ${JSON.stringify(what)} of ${JSON.stringify(node)} has the time ${at}: give a finite number`);
}

/** Throws InputError where a sample is infinite, or so large that its square is. */
export function checkSamples(series: MetricSeries): void {
  for (const samples of [series.before, series.during])
    for (let index = 0; index < samples.length; index++)
      if (Math.abs(samples[index] as number) > LARGEST)
        throw new InputError(`${named(series)} has the sample ${samples[index]}: give numbers within ${LARGEST} of 0, NaN where one is missing`);
}

const LARGEST = 1e150;

function named({ node, metric }: MetricSeries): string {
  return `the series ${JSON.stringify(metric)} of ${JSON.stringify(node)}`;
}
