/** What is compared: each scores one series. */
import { dominantPeriod, fitIsolationForest, matrix, SubPca, type SubPcaParams } from "../../src/index.ts";
import { nullScores, randomScores } from "../scoring/baselines.ts";
import type { LabelledSeries } from "../scoring/labelled-series.ts";
import { scoringWindow } from "../scoring/scoring-window.ts";
import { publishedSubPca } from "./published-sub-pca.ts";

export interface Method {
  readonly name: string;
  score(series: LabelledSeries): Float64Array;
  readonly ours?: boolean;
}

const DEFAULT_WINDOW = 100;

/** One season, where it is longer than the default window. */
const seasonal = (values: Float64Array): number => Math.max(DEFAULT_WINDOW, dominantPeriod(values) ?? 0);
const fixed = (): number => DEFAULT_WINDOW;
const season = (values: Float64Array): number => dominantPeriod(values) ?? DEFAULT_WINDOW;

/** Learns the whole series, then scores all of it, as TSB-AD lets unsupervised methods do. */
function whole(params: SubPcaParams = {}, windowOf = seasonal): Method["score"] {
  return ({ values }) => SubPca.fit(values, { window: shortened(values, windowOf), ...params }).score(values);
}

/** Learns the prefix, then takes one sample after the other: a score never knows what comes later. 0 in the prefix. */
function causal(params: SubPcaParams = {}, windowOf = seasonal): Method["score"] {
  return ({ values, prefix }) => {
    const history = values.subarray(0, prefix);
    const model = SubPca.fit(history, { window: shortened(history, windowOf), ...params });
    return values.map((value, index) => (index < prefix ? 0 : model.push(value)));
  };
}

/** At most half of what there is. */
const shortened = (values: Float64Array, windowOf: (values: Float64Array) => number): number => Math.min(windowOf(values), values.length >> 1);

/** Isolation Forest on windows of the series, each sample by the mean over the windows that cover it. */
function forest(window: number, trees: number): Method["score"] {
  return ({ values }) => {
    const count = values.length - window + 1;
    const windows = matrix(count, window);
    for (let start = 0; start < count; start++) windows.values.set(values.subarray(start, start + window), start * window);
    const scores = fitIsolationForest(windows, { seed: 1, trees }).score(windows);
    return values.map((_, index) => {
      const covering = scores.subarray(Math.max(index - window + 1, 0), Math.min(index, count - 1) + 1);
      return covering.reduce((sum, score) => sum + score, 0) / covering.length;
    });
  };
}

/** Two scores, each counted from its median in units of its interquartile range, the second with a weight. */
function together(first: Method["score"], second: Method["score"], weight: number): Method["score"] {
  return (series) => {
    const added = inQuartiles(second(series));
    return inQuartiles(first(series)).map((score, index) => score + weight * (added[index] as number));
  };
}

function inQuartiles(scores: Float64Array): Float64Array {
  const sorted = scores.toSorted();
  const quantile = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] as number;
  const range = quantile(0.75) - quantile(0.25) || 1;
  return scores.map((score) => (score - quantile(0.5)) / range);
}

export const WHOLE: Method = { name: "ours: Sub-PCA, whole series", score: whole(), ours: true };
export const CAUSAL: Method = { name: "ours: Sub-PCA, strictly causal", score: causal(), ours: true };
export const CHANCE: readonly Method[] = [
  { name: "random (mean of 5 seeds)", score: ({ values }) => randomScores(values.length, 0) },
  { name: "null: one score for all", score: ({ values }) => nullScores(values.length) },
];
/** The published algorithms in our own code: they should give the published numbers. */
export const REPEATED: readonly { readonly method: Method; readonly published: string }[] = [
  {
    published: "Sub-PCA",
    method: { name: "TSB-AD's Sub-PCA in our code", score: ({ values }) => publishedSubPca(values, scoringWindow(values)) },
  },
  { published: "IForest", method: { name: "TSB-AD's IForest in our code, 200 trees, seed 1", score: forest(1, 200) } },
];
export const ABLATIONS: readonly Method[] = [
  WHOLE,
  { name: "window always 100", score: whole({}, fixed) },
  { name: "window one season, however short", score: whole({}, season) },
  { name: "no axes: size of a window alone", score: whole({ share: 0 }) },
  { name: "axes to 99 % of the variance", score: whole({ share: 0.99 }) },
  { name: "ridge 0.01: hardly shrunk", score: whole({ ridge: 0.01 }) },
  { name: "ridge 3", score: whole({ ridge: 3 }) },
  { name: "learned without clipping", score: whole({ clip: Number.POSITIVE_INFINITY }) },
  { name: "with half a windowed Isolation Forest", score: together(whole(), forest(DEFAULT_WINDOW, 100), 0.5) },
  { name: "windowed Isolation Forest alone", score: forest(DEFAULT_WINDOW, 100) },
  CAUSAL,
  { name: "causal, window always 100", score: causal({}, fixed) },
  { name: "causal, learns for ever", score: causal({ memory: Number.POSITIVE_INFINITY }) },
  { name: "causal, memory 2,000", score: causal({ memory: 2_000 }) },
];
