/** P-values beyond what a histogram has seen: a generalized Pareto tail fitted to its upper bins. */
import { BINS, binOf, conformalP, EDGES } from "./decayed-histogram.ts";

/** How scores are measured where the tail is fitted: distances by their squares, what is -ln p as it is. */
export type TailScale = "square" | "plain";

const SQUARED = EDGES.map((edge) => edge * edge);

/** What counts as tail: the highest bins that together hold at most this share. Siffer et al. (2017) take 2 %; bins are coarse. */
const TAIL_SHARE = 0.04;
/** Fewer samples than this in the tail, and the histogram alone answers. */
const MIN_TAIL = 8;
/** How many samples the prior for the shape weighs. */
const PRIOR = 30;
/** Heavier than this has no variance and no stable fit. */
const MAX_SHAPE = 0.9;
/** No p-value is below: no stream is that long. */
const SMALLEST_P = 1e-15;

/**
 * P-value of a score that has not been added yet. Below the tail the conformal one; within it share * (1 + xi (s - u) / sigma)^(-1/xi), fitted by
 * probability-weighted moments (J. Hosking and J. Wallis, "Parameter and Quantile Estimation for the Generalized Pareto Distribution", 1987) on the bins, each
 * taken as uniform. "square" fits the tail of s^2 in place of s: distances of normal samples have no Pareto tail, their squares have, with shape 0.
 * The shape is drawn towards `priorShape` with the weight of 30 samples and is never negative: a bounded tail is not believed in.
 * `weight` is that of the newest sample, as in conformalP.
 */
export function tailP(state: Float32Array, at: number, score: number, weight: number, scale: TailScale, priorShape: number): number {
  const total = (state[at + BINS] as number) + weight;
  const most = total * TAIL_SHARE;
  const bin = binOf(score);
  let share = 0;
  let start = BINS;
  while (start > 0 && share + (state[at + start - 1] as number) <= most) {
    start--;
    share += state[at + start] as number;
  }
  if (bin < start || share < MIN_TAIL * weight) return conformalP(state, at, score, weight);
  return Math.max(SMALLEST_P, exceedance(state, at, score, start, share, weight, scale, priorShape) * ((share + weight) / total));
}

/** P(excess > score - u | excess > 0) where u is the lower edge of bin `start` and `share` the weight from there on. */
function exceedance(
  state: Float32Array,
  at: number,
  score: number,
  start: number,
  share: number,
  weight: number,
  scale: TailScale,
  priorShape: number,
): number {
  const edges = scale === "square" ? SQUARED : EDGES;
  const threshold = edges[start] as number;
  let mean = 0;
  let weighted = 0;
  let above = share;
  for (let bin = start; bin < BINS; bin++) {
    const mass = state[at + bin] as number;
    if (mass === 0) continue;
    above -= mass;
    const low = edges[bin] as number;
    const width = (edges[bin + 1] as number) - low;
    const middle = low + width / 2 - threshold;
    mean += mass * middle;
    weighted += mass * (middle * (above + mass / 2) - (width * mass) / 12);
  }
  mean /= share;
  weighted /= share * share;
  const samples = share / weight;
  const fitted = 2 - mean / (mean - 2 * weighted);
  const shape = Math.min(MAX_SHAPE, Math.max(0, (samples * fitted + PRIOR * priorShape) / (samples + PRIOR)));
  const excess = (scale === "square" ? score * score : score) - threshold;
  if (shape < 1e-4) return Math.exp(-excess / mean);
  return Math.exp(-Math.log1p((shape * excess) / (mean * (1 - shape))) / shape);
}
