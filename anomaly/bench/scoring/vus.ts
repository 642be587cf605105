/**
 * Volume under the surface of range-based precision and recall, as TSB-AD 1.5 computes it (generate_curve with version "opt" and 250 thresholds).
 * J. Paparrizos et al., "Volume Under the Surface: a new accuracy evaluation measure for time-series anomaly detection" (VLDB 2022); Q. Liu and J. Paparrizos, TSB-AD (NeurIPS 2024).
 * Each label of an anomaly is widened by up to half a window with a weight that falls away from it; the area under precision and recall is then averaged over all windows from 0 to the largest.
 *
 * The public code walks all points once per window and threshold. Here each point is put once into the bin of the first threshold that alarms on it; a window then only
 * adds the points beside the anomalies to their bins, and running sums over the bins are the counts at each threshold.
 */
import { InputError } from "../../src/input-error.ts";
import { type Segment, segmentsOf } from "./segments.ts";

const THRESHOLDS = 250;

/** `labels` 0 or 1 and `scores` of equal length, higher is more anomalous; `largestWindow` in samples, see `scoringWindow`. 0 is worst, 1 best. */
export function vusPr(labels: Uint8Array, scores: Float64Array, largestWindow: number): number {
  checkScores(labels, scores);
  const segments = segmentsOf(labels);
  if (segments.length === 0) throw new InputError("labels hold no anomaly, or nothing but one: precision and recall need both");
  const volume = new Volume(labels, firstThresholds(scores), segments);
  let sum = 0;
  for (let window = 0; window <= largestWindow; window++) sum += volume.areaAt(window);
  return sum / (largestWindow + 1);
}

/** Refuses lengths that differ and scores that are no numbers. */
export function checkScores(labels: Uint8Array, scores: Float64Array): void {
  if (labels.length !== scores.length) throw new InputError(`${scores.length} scores for ${labels.length} labels: give one score per sample`);
  const bad = scores.findIndex(Number.isNaN);
  if (bad >= 0) throw new InputError(`score ${bad} is not a number: give each sample a score`);
}

/** Per sample the first of 250 falling thresholds that it reaches. The thresholds are scores at evenly spaced ranks. */
function firstThresholds(scores: Float64Array): Uint8Array {
  const rising = scores.toSorted();
  const last = scores.length - 1;
  const step = last / (THRESHOLDS - 1);
  const thresholds = Float64Array.from({ length: THRESHOLDS }, (_, index) => {
    const rank = index === THRESHOLDS - 1 ? last : Math.floor(index * step);
    return rising[last - rank] as number;
  });
  return Uint8Array.from(scores, (score) => {
    let low = 0;
    let high = THRESHOLDS - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (score >= (thresholds[middle] as number)) high = middle;
      else low = middle + 1;
    }
    return low;
  });
}

class Volume {
  private readonly labels: Uint8Array;
  private readonly bins: Uint8Array;
  private readonly segments: readonly Segment[];
  /** Points per bin, and those of them that are labelled. */
  private readonly all = new Float64Array(THRESHOLDS);
  private readonly labelled = new Float64Array(THRESHOLDS);
  private readonly beside = new Float64Array(THRESHOLDS);
  private readonly found = new Float64Array(THRESHOLDS);
  private readonly weights: Float64Array;
  private readonly positives: number;

  constructor(labels: Uint8Array, bins: Uint8Array, segments: readonly Segment[]) {
    this.labels = labels;
    this.bins = bins;
    this.segments = segments;
    this.weights = new Float64Array(labels.length);
    let positives = 0;
    bins.forEach((bin, index) => {
      this.all[bin] = (this.all[bin] as number) + 1;
      if (labels[index] === 0) return;
      positives++;
      this.labelled[bin] = (this.labelled[bin] as number) + 1;
    });
    this.positives = positives;
  }

  /** Area under precision over recall with labels widened by half of `window` on each side. */
  areaAt(window: number): number {
    this.weighBeside(window);
    const ranges = this.countRanges(window >> 1);
    let alarms = 0;
    let hits = 0;
    let extra = 0;
    let found = 0;
    let previousRecall = 0;
    let area = 0;
    for (let bin = 0; bin < THRESHOLDS; bin++) {
      alarms += this.all[bin] as number;
      hits += this.labelled[bin] as number;
      extra += this.beside[bin] as number;
      found += this.found[bin] as number;
      const truePositives = hits + extra;
      // Half way between the labels as given and as widened, where widening counts only what was alarmed on.
      const positives = this.positives + extra / 2;
      const recall = Math.min(truePositives / positives, 1) * (found / ranges);
      area += (recall - previousRecall) * (truePositives / alarms);
      previousRecall = recall;
    }
    return area;
  }

  /** Sums the weights of the points beside the anomalies into their bins; weights of neighbours add up to at most 1. */
  private weighBeside(window: number): void {
    const { labels, weights, beside, bins } = this;
    const reach = window >> 1;
    const last = labels.length - 1;
    for (const { first, final } of this.segments)
      for (let distance = 1; distance <= reach; distance++) {
        const weight = Math.sqrt(1 - distance / window);
        const before = first - distance;
        const after = final + distance;
        if (before >= 0) weights[before] = (weights[before] as number) + weight;
        if (after <= last) weights[after] = (weights[after] as number) + weight;
      }
    beside.fill(0);
    const take = (index: number): void => {
      const weight = weights[index] as number;
      weights[index] = 0;
      if (labels[index] !== 0 || weight === 0) return;
      const bin = bins[index] as number;
      beside[bin] = (beside[bin] as number) + Math.min(weight, 1);
    };
    for (const { first, final } of this.segments) {
      for (let index = Math.max(first - reach, 0); index < first; index++) take(index);
      for (let index = final + 1; index <= Math.min(final + reach, last); index++) take(index);
    }
  }

  /** Widened anomalies that touch are one range: puts each range into the bin at which its first point is alarmed on, and says how many there are. */
  private countRanges(reach: number): number {
    const { segments, found, bins } = this;
    found.fill(0);
    let ranges = 0;
    let first = THRESHOLDS;
    segments.forEach((segment, index) => {
      const end = Math.min(segment.final + reach, bins.length - 1);
      for (let point = Math.max(segment.first - reach, 0); point <= end; point++) first = Math.min(first, bins[point] as number);
      const next = segments[index + 1];
      if (next !== undefined && segment.final + reach >= next.first - reach) return;
      found[first] = (found[first] as number) + 1;
      first = THRESHOLDS;
      ranges++;
    });
    return ranges;
  }
}
