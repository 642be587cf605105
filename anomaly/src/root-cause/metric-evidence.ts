/** How far one metric of one node has left what was normal for it, in no unit, and since when: the evidence that a ranking adds up, and that people can be shown. */
import { quantileOf } from "../quantile.ts";
import { checkSamples, type MetricSeries, type Spread } from "./incident.ts";

export interface EvidenceParams {
  /** A deviation counts from this many deviations of normal on; 3 by default. */
  readonly least?: number;
  /** One sample alone is a spike: the middle of three neighbours counts, and where only a single sample deviates, its strength is halved. True by default. */
  readonly smooth?: boolean;
  /** Strength grows up to twofold with the share of the incident for which the deviation lasts. True by default. */
  readonly duration?: boolean;
  /** What was so already in the samples before the symptom cannot have begun it: only what lies beyond them as well counts. True by default. */
  readonly anchor?: boolean;
  /** Where the outer tenth of normal is wider than its middle promises, that is the unit. True by default. */
  readonly tails?: boolean;
  /** n samples of normal vouch for no more than n deviations. True by default. */
  readonly bounded?: boolean;
}

export interface MetricEvidence {
  readonly node: string;
  readonly metric: string;
  readonly spread: Spread;
  /** Largest distance from normal during the incident, in deviations of normal; negative below it; 0 where it is less than the least that counts. */
  readonly deviation: number;
  /** Index of the first time of the run of deviating samples that the largest belongs to; -1 where nothing deviates. */
  readonly onset: number;
  /** Share of the samples since the symptom that deviate. */
  readonly lasting: number;
  /** log2(1 + |deviation| / least), so at least 1 where anything deviates smoothly, times 1 to 2 for how long it lasts; 0 where nothing does. */
  readonly strength: number;
  /** The middle of normal, and one deviation of it, in the metric's unit. */
  readonly normal: number;
  readonly scale: number;
}

const LEAST_SAMPLES = 8;
/** Where the middle half and the outer tenth of the distances from the middle of normal samples end, in standard deviations. */
const HALF = 0.6744897501960817;
const OUTER_TENTH = 1.6448536269514722;

/**
 * `start`: index of the first time that may belong to the trouble. Undefined where too little is known: fewer than 8 samples before the incident, or none since `start`.
 * Throws InputError for a sample that is infinite or beyond 1e150.
 */
export function metricEvidence(series: MetricSeries, start: number, params: EvidenceParams = {}): MetricEvidence | undefined {
  checkSamples(series);
  const { smooth = true } = params;
  const { node, metric, spread = "callers" } = series;
  const raw = known(series.before);
  const quiet = smooth ? known(middleOfThree(series.before)) : raw;
  if (raw.length < LEAST_SAMPLES || known(series.during.subarray(start)).length === 0) return undefined;
  const measure = measureOf(series, raw, quiet, start, params);
  const plainly = judged(series.during, start, measure.of, params);
  const found = smooth ? judged(middleOfThree(series.during), start, measure.of, params) : plainly;
  const { normal, scale } = measure;
  // What only single samples show may be chance.
  if (found.strength === 0) return { node, metric, spread, normal, scale, ...plainly, strength: plainly.strength / 2 };
  return { node, metric, spread, normal, scale, ...found };
}

interface Measure {
  readonly normal: number;
  readonly scale: number;
  /** Signed distance from normal, in deviations of normal. */
  of(value: number): number;
}

/** `raw`: all known samples before the incident; `quiet`: the same without spikes. */
function measureOf(
  { during, bad }: MetricSeries,
  raw: Float64Array,
  quiet: Float64Array,
  start: number,
  { anchor = true, tails = true, bounded = true }: EvidenceParams,
): Measure {
  const sorted = quiet.toSorted();
  const normal = quantileOf(sorted, 0.5);
  const distances = distancesFrom(normal, sorted);
  const middle = quantileOf(distances, 0.5) / HALF;
  const robust = tails ? Math.max(middle, quantileOf(distances, 0.9) / OUTER_TENTH) : middle;
  const plain = robust === 0 ? standardDeviation(raw) : 0;
  const recent = anchor ? known(during.subarray(0, start)) : new Float64Array(0);
  const anchored = recent.length > 0 ? quantileOf(recent.toSorted(), 0.5) : normal;
  const low = Math.min(anchored, normal);
  const high = Math.max(anchored, normal);
  const count = raw.length;
  const of = (value: number): number => {
    const distance = value > high ? value - high : value < low ? value - low : 0;
    if (distance === 0 || (distance > 0 ? bad === "down" : bad === "up")) return 0;
    // Nearly always one value: the deviation as it would be had this sample been among the others, which is at most sqrt(n + 1) (P. Samuelson, 1968).
    if (robust === 0) return distance / Math.hypot(plain, distance / Math.sqrt(count + 1));
    const deviations = distance / robust;
    return bounded ? deviations / (1 + Math.abs(deviations) / count) : deviations;
  };
  return { normal, scale: robust || plain, of };
}

type Judgement = Pick<MetricEvidence, "deviation" | "onset" | "lasting" | "strength">;

function judged(during: Float64Array, start: number, deviationOf: (value: number) => number, { least = 3, duration = true }: EvidenceParams): Judgement {
  const sizes = during.map((value, index) => (index < start || Number.isNaN(value) ? 0 : Math.abs(deviationOf(value))));
  let peak = start;
  let count = 0;
  let deviating = 0;
  for (let index = start; index < during.length; index++) {
    if (Number.isNaN(during[index] as number)) continue;
    const size = sizes[index] as number;
    count++;
    if (size > (sizes[peak] as number)) peak = index;
    if (size >= least) deviating++;
  }
  const size = sizes[peak] as number;
  if (size < least) return { deviation: 0, onset: -1, lasting: 0, strength: 0 };
  let onset = peak;
  for (let index = peak - 1; index >= start && ((sizes[index] as number) >= least || Number.isNaN(during[index] as number)); index--)
    if (!Number.isNaN(during[index] as number)) onset = index;
  const lasting = deviating / count;
  return { deviation: deviationOf(during[peak] as number), onset, lasting, strength: Math.log2(1 + size / least) * (duration ? 1 + lasting : 1) };
}

/** The middle of each sample and its two neighbours; at the ends that of the nearest three. A missing neighbour takes no part, and a missing sample stays one. */
function middleOfThree(values: Float64Array): Float64Array {
  const count = values.length;
  if (count < 3) return values;
  const middles = new Float64Array(count);
  for (let index = 0; index < count; index++) {
    const value = values[index] as number;
    const centre = index === 0 ? 1 : index === count - 1 ? count - 2 : index;
    let a = values[centre - 1] as number;
    let b = values[centre] as number;
    let c = values[centre + 1] as number;
    if (Number.isNaN(a)) a = value;
    if (Number.isNaN(b)) b = value;
    if (Number.isNaN(c)) c = value;
    middles[index] = Number.isNaN(value) ? value : Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
  }
  return middles;
}

function known(values: Float64Array): Float64Array {
  const kept = new Float64Array(values.length);
  let count = 0;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    if (!Number.isNaN(value)) kept[count++] = value;
  }
  return kept.subarray(0, count);
}

/** Distances of all samples from `middle`, sorted: below and above it they are so already. */
function distancesFrom(middle: number, sorted: Float64Array): Float64Array {
  const distances = new Float64Array(sorted.length);
  let above = 0;
  while (above < sorted.length && (sorted[above] as number) < middle) above++;
  let below = above - 1;
  for (let index = 0; index < distances.length; index++) {
    const up = above < sorted.length ? (sorted[above] as number) - middle : Number.POSITIVE_INFINITY;
    const down = below >= 0 ? middle - (sorted[below] as number) : Number.POSITIVE_INFINITY;
    distances[index] = Math.min(up, down);
    if (up <= down) above++;
    else below--;
  }
  return distances;
}

function standardDeviation(values: Float64Array): number {
  const first = values[0] as number;
  if (values.every((value) => value === first)) return 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
