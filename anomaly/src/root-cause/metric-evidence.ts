/** How far one metric of one node has left what was normal for it, in no unit, and since when. */
import type { MetricSeries } from "./incident.ts";

export interface EvidenceParams {
  /** A deviation counts from this many robust deviations on; 5 by default: once in 1.7 million normal samples. */
  readonly least: number;
  /** One sample alone is a spike: the middle one of three neighbours counts. */
  readonly smooth: boolean;
  /** Adds the share of the incident for which the deviation lasts. */
  readonly duration: boolean;
  /** The last samples before the symptom are normal too: what was so already cannot have begun it. */
  readonly anchor: boolean;
  /** The largest deviations before the incident widen the unit, where they are larger than the MAD promises. */
  readonly tail: boolean;
}

export interface MetricEvidence {
  readonly node: string;
  readonly metric: string;
  readonly spread: NonNullable<MetricSeries["spread"]>;
  /** Largest distance from normal, in deviations of normal, at most 1000; 0 where it is none. Signed: above or below. */
  readonly deviation: number;
  /** Index of the first time of the run in which it is largest; -1 where nothing deviates. */
  readonly onset: number;
  /** Share of the incident's known samples that deviate. */
  readonly lasting: number;
  /** What the ranking adds up: log2(1 + deviation / least) from 1 on, 0 below; times 1 to 2 for how long it lasts. */
  readonly strength: number;
  /** The middle of normal, and one deviation, in the metric's unit. */
  readonly normal: number;
  readonly scale: number;
}

const LEAST_SAMPLES = 8;
/** No deviation is larger: against a constant every other value is this far. */
const MOST = 1000;

/** Undefined where too little is known: fewer than 8 samples before the incident, or none during it. `start`: index of the first time that may belong to the trouble. */
export function metricEvidence(series: MetricSeries, start: number, params: EvidenceParams): MetricEvidence | undefined {
  const { node, metric, spread = "callers", bad } = series;
  const raw = known(series.before);
  const before = params.smooth ? known(middleOfThree(series.before)) : raw;
  const during = params.smooth ? middleOfThree(series.during) : series.during;
  if (before.length < LEAST_SAMPLES || known(during).length === 0) return undefined;
  const sorted = before.toSorted();
  const normal = quantile(sorted, 0.5);
  const distances = before.map((value) => Math.abs(value - normal)).sort();
  const scale = scaleOf(distances, raw, params.tail);
  const recent = params.anchor && start > 0 ? known(series.during.subarray(0, start)) : new Float64Array(0);
  const anchor = recent.length > 0 ? quantile(recent.toSorted(), 0.5) : normal;
  const low = Math.min(anchor, normal);
  const high = Math.max(anchor, normal);
  const deviations = during.map((value, index) => {
    if (Number.isNaN(value) || index < start) return 0;
    const distance = value > high ? value - high : value < low ? value - low : 0;
    if (distance === 0 || (distance > 0 ? bad === "down" : bad === "up")) return 0;
    return Math.max(-MOST, Math.min(MOST, distance / scale));
  });
  return { node, metric, spread, normal, scale, ...judged(deviations, during, start, params) };
}

function judged(deviations: Float64Array, during: Float64Array, start: number, { least, duration }: EvidenceParams): Pick<MetricEvidence, "deviation" | "onset" | "lasting" | "strength"> {
  let peak = start;
  let count = 0;
  let deviating = 0;
  for (let index = start; index < deviations.length; index++) {
    const size = Math.abs(deviations[index] as number);
    if (size > Math.abs(deviations[peak] as number)) peak = index;
    if (!Number.isNaN(during[index] as number)) count++;
    if (size >= least) deviating++;
  }
  const deviation = deviations[peak] ?? 0;
  if (Math.abs(deviation) < least) return { deviation, onset: -1, lasting: 0, strength: 0 };
  let onset = peak;
  while (onset > start && (Math.abs(deviations[onset - 1] as number) >= least || Number.isNaN(during[onset - 1] as number))) onset--;
  const lasting = deviating / count;
  return { deviation, onset, lasting, strength: Math.log2(1 + Math.abs(deviation) / least) * (duration ? 1 + lasting : 1) };
}

/** One deviation of normal: never less than the MAD, nor than what the largest hundredth of deviations allows. `distances`: from the median. */
function scaleOf(distances: Float64Array, raw: Float64Array, tail: boolean): number {
  const robust = quantile(distances, 0.5) / 0.6744897501960817;
  // 2.5758: what a hundredth of normal samples exceeds.
  const far = quantile(distances, 0.99) / 2.5758293035489004;
  const scale = tail ? Math.max(robust, far) : robust || far;
  // Nearly always one value: the plain deviation, spikes and all.
  return scale || deviation(raw);
}

function deviation(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

/** The middle of each sample and its two neighbours; at the ends that of the nearest three. A missing neighbour takes no part, and a missing sample stays one. */
function middleOfThree(values: Float64Array): Float64Array {
  const last = values.length - 1;
  return values.map((value, index) => {
    if (Number.isNaN(value) || last < 2) return value;
    const centre = Math.max(1, Math.min(last - 1, index));
    const left = values[centre - 1] as number;
    const middle = values[centre] as number;
    const right = values[centre + 1] as number;
    const a = Number.isNaN(left) ? value : left;
    const b = Number.isNaN(middle) ? value : middle;
    const c = Number.isNaN(right) ? value : right;
    return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
  });
}

function known(values: Float64Array): Float64Array {
  return values.filter((value) => !Number.isNaN(value));
}

function quantile(sorted: Float64Array, share: number): number {
  const place = (sorted.length - 1) * share;
  const low = Math.floor(place);
  const below = sorted[low] as number;
  const above = sorted[Math.min(low + 1, sorted.length - 1)] as number;
  return below + (above - below) * (place - low);
}
