/** The score of each member for one sample, and what they learn from it. Scores are distances in units of spread: 0 is as usual as can be. */
import { MAX_SCORE } from "../calibration/decayed-histogram.ts";
import { forgetLags, learnLags, ORDER, predictNext, solveCoefficients } from "./auto-regression.ts";
import { learnCusum } from "./cusum.ts";
import {
  ACCEPTED,
  AUTO_REGRESSION,
  CUSUM,
  DAILY,
  DEVIATIONS,
  FIRST_AT,
  LEVEL,
  MEANS,
  MEDIAN,
  SPREAD_OF_INNOVATION,
  SPREAD_OF_RESIDUAL,
  SPREAD_OF_VALUE,
  WEEKLY,
} from "./layout.ts";
import { learnProfile, profileAt, trustOf } from "./seasonal-profile.ts";
import { learnSpread, spreadOf, stepMedian } from "./spread.ts";
import type { StreamParams } from "./stream-params.ts";
import { forgetFast, learnTwo, meanShift, varianceShift } from "./two-timescale.ts";

/** Places in `scores`, in the order of MEMBERS. */
const [SPIKE, MEAN_SHIFT, VARIANCE_SHIFT, CUSUM_SCORE, SEASONAL, INNOVATION] = [0, 1, 2, 3, 4, 5] as const;
/** Of what a residual teaches level, seasons and lags: it counts for at most so many spreads. */
const CLIP = 5;
/** The level is a plain mean of this many samples before its time constant rules. */
const YOUNG_LEVEL = 32;

/** The recent past is over: what needs it starts again. */
export function afterGap(narrow: Float32Array, n: number): void {
  forgetLags(narrow, n + AUTO_REGRESSION);
  forgetFast(narrow, n + MEANS);
  forgetFast(narrow, n + DEVIATIONS);
  narrow.fill(0, n + CUSUM, n + CUSUM + 2);
}

/**
 * Scores `value` at `at`, then learns it. `elapsed` is the time it stands for. `scores` gets one per member, `about` what was expected.
 * The state is that of one slot, from `w` and `n`; ACCEPTED must count this sample already.
 */
export function scoreMembers(
  wide: Float64Array,
  w: number,
  narrow: Float32Array,
  n: number,
  value: number,
  at: number,
  elapsed: number,
  params: StreamParams,
  scores: Float64Array,
  about: Float64Array,
): void {
  const count = narrow[n + ACCEPTED] as number;
  if (count === 1) {
    wide[w + MEDIAN] = value;
    wide[w + LEVEL] = value;
  }
  const gain = Math.max(1 / params.memorySamples, 1 / (count + 1));
  scores[SPIKE] = spike(wide, w, narrow, n, value, gain);
  const residual = seasonal(wide, w, narrow, n, value, at, elapsed, params.levelMs, gain, scores, about);
  const fast = Math.max(1 / params.fastSamples, gain);
  learnTwo(narrow, n + MEANS, residual, fast, gain);
  scores[MEAN_SHIFT] = Math.min(MAX_SCORE, meanShift(narrow, n + MEANS, spreadOf(narrow, n + SPREAD_OF_RESIDUAL), fast, gain));
  innovate(narrow, n, about[1] as number, residual, count, gain, fast, params.allowance, scores);
}

/** Distance from the running median of the values as they are. */
function spike(wide: Float64Array, w: number, narrow: Float32Array, n: number, value: number, gain: number): number {
  const spread = spreadOf(narrow, n + SPREAD_OF_VALUE);
  const median = wide[w + MEDIAN] as number;
  const distance = Math.abs(value - median);
  learnSpread(narrow, n + SPREAD_OF_VALUE, distance, gain);
  wide[w + MEDIAN] = stepMedian(median, value, spread, gain);
  return inSpreads(distance, spread);
}

/** Distance from level and season. Returns the residual, clipped; `about` gets the expectation and the residual as it is. */
function seasonal(
  wide: Float64Array,
  w: number,
  narrow: Float32Array,
  n: number,
  value: number,
  at: number,
  elapsed: number,
  levelMs: number,
  gain: number,
  scores: Float64Array,
  about: Float64Array,
): number {
  const daily = profileAt(narrow, n, DAILY, at);
  const weekly = profileAt(narrow, n, WEEKLY, at);
  const ofDay = trustOf(narrow, n, DAILY) * daily;
  const season = ofDay + trustOf(narrow, n, WEEKLY) * weekly;
  const level = wide[w + LEVEL] as number;
  const residual = value - level - season;
  const spread = spreadOf(narrow, n + SPREAD_OF_RESIDUAL);
  scores[SEASONAL] = inSpreads(Math.abs(residual), spread);
  about[0] = level + season;
  about[1] = residual;
  const clipped = clip(residual, spread);
  learnSpread(narrow, n + SPREAD_OF_RESIDUAL, Math.abs(residual), gain);
  const young = 1 / Math.min(YOUNG_LEVEL, narrow[n + ACCEPTED] as number);
  const forLevel = (narrow[n + ACCEPTED] as number) <= YOUNG_LEVEL ? young : elapsed / (levelMs + elapsed);
  wide[w + LEVEL] = level + forLevel * clipped;
  const age = Math.max(0, at - (wide[w + FIRST_AT] as number));
  const seen = clipped + season;
  learnProfile(narrow, n, DAILY, at, seen, daily, elapsed, age);
  learnProfile(narrow, n, WEEKLY, at, seen - ofDay, weekly, elapsed, age);
  return clipped;
}

/** What the AR did not foresee, and the changes of its mean and variance. */
function innovate(
  narrow: Float32Array,
  n: number,
  residual: number,
  clipped: number,
  count: number,
  gain: number,
  fast: number,
  allowance: number,
  scores: Float64Array,
): void {
  const innovation = residual - predictNext(narrow, n + AUTO_REGRESSION);
  const spread = spreadOf(narrow, n + SPREAD_OF_INNOVATION);
  scores[INNOVATION] = inSpreads(Math.abs(innovation), spread);
  scores[CUSUM_SCORE] = spread > 0 ? learnCusum(narrow, n + CUSUM, innovation / spread, allowance) : 0;
  // Roughness, from sample to sample: of a series that is stuck it is nothing at all, wherever it is stuck.
  learnTwo(narrow, n + DEVIATIONS, Math.abs(clipped - (narrow[n + AUTO_REGRESSION] as number)), fast, gain);
  scores[VARIANCE_SHIFT] = Math.min(MAX_SCORE, varianceShift(narrow, n + DEVIATIONS, fast));
  learnSpread(narrow, n + SPREAD_OF_INNOVATION, Math.abs(innovation), gain);
  learnLags(narrow, n + AUTO_REGRESSION, clipped, gain);
  if (count % ORDER === 0) solveCoefficients(narrow, n + AUTO_REGRESSION);
}

/** Any distance is far where there was no spread at all. */
function inSpreads(distance: number, spread: number): number {
  if (distance === 0) return 0;
  return spread > 0 ? Math.min(MAX_SCORE, distance / spread) : MAX_SCORE;
}

function clip(residual: number, spread: number): number {
  const most = CLIP * spread;
  return spread > 0 ? Math.max(-most, Math.min(most, residual)) : residual;
}
