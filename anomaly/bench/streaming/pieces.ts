/** What each piece of a push costs by itself, over many series in turn. */
import { addScore } from "../../src/calibration/decayed-histogram.ts";
import { tailP } from "../../src/calibration/tail-probability.ts";
import { combineP } from "../../src/ensemble/cauchy.ts";
import { createRandom } from "../../src/random.ts";
import { learnLags, ORDER, predictNext, solveCoefficients } from "../../src/streaming/auto-regression.ts";
import { learnCusum } from "../../src/streaming/cusum.ts";
import { takeIn } from "../../src/streaming/intake.ts";
import {
  AUTO_REGRESSION,
  CUSUM,
  DAILY,
  HISTOGRAMS,
  KIND,
  MEANS,
  MEMBER_COUNT,
  MEMBER_WEIGHTS,
  NARROW,
  SPREAD_OF_VALUE,
  WEEKLY,
  WIDE,
} from "../../src/streaming/layout.ts";
import { learnProfile, profileAt, trustOf } from "../../src/streaming/seasonal-profile.ts";
import { learnSpread, spreadOf, stepMedian } from "../../src/streaming/spread.ts";
import { learnTwo, meanShift, varianceShift } from "../../src/streaming/two-timescale.ts";

/** State of one series from `n` of `narrow` and `w` of `wide`, one sample, and how many came before. Returns a number that depends on all it did. */
type Piece = (wide: Float64Array, w: number, narrow: Float32Array, n: number, sample: number, tick: number) => number;

const START = Date.UTC(2026, 0, 5);
const taken = new Float64Array(2);
const p = new Float64Array(MEMBER_COUNT);

export const PIECES: Readonly<Record<string, Piece>> = {
  "intake (clock, gaps, counters)": (wide, w, narrow, n, sample, tick) => takeIn(wide, w, narrow, n, sample, START + tick * 15_000, taken),
  "spike: frugal median and MAD": (wide, w, narrow, n, sample) => {
    const spread = spreadOf(narrow, n + SPREAD_OF_VALUE);
    const median = wide[w] as number;
    learnSpread(narrow, n + SPREAD_OF_VALUE, Math.abs(sample - median), 1 / 256);
    wide[w] = stepMedian(median, sample, spread, 1 / 256);
    return Math.abs(sample - median) / spread;
  },
  "mean shift: two time scales": (_, __, narrow, n, sample) => {
    learnTwo(narrow, n + MEANS, sample, 1 / 8, 1 / 256);
    return meanShift(narrow, n + MEANS, 1, 1 / 8, 1 / 256);
  },
  "variance shift: two time scales": (_, __, narrow, n, sample) => {
    learnTwo(narrow, n + MEANS, Math.abs(sample), 1 / 8, 1 / 256);
    return varianceShift(narrow, n + MEANS, 1 / 8);
  },
  "CUSUM, both sides": (_, __, narrow, n, sample) => learnCusum(narrow, n + CUSUM, sample, 0.25),
  "seasonal: level, day and week": (_, __, narrow, n, sample, tick) => {
    const at = START + tick * 15_000;
    const said = profileAt(narrow, n, DAILY, at);
    const weekly = profileAt(narrow, n, WEEKLY, at);
    const season = trustOf(narrow, n, DAILY) * said + trustOf(narrow, n, WEEKLY) * weekly;
    learnProfile(narrow, n, DAILY, at, sample, said, 15_000, tick * 15_000);
    learnProfile(narrow, n, WEEKLY, at, sample - said, weekly, 15_000, tick * 15_000);
    return sample - season;
  },
  "AR(8)": (_, __, narrow, n, sample, tick) => {
    const innovation = sample - predictNext(narrow, n + AUTO_REGRESSION);
    learnLags(narrow, n + AUTO_REGRESSION, sample, 1 / 256);
    if (tick % ORDER === 0) solveCoefficients(narrow, n + AUTO_REGRESSION);
    return innovation;
  },
  "calibration: one histogram with its tail": (_, __, narrow, n, sample) => {
    const score = Math.abs(sample);
    const own = tailP(narrow, n + HISTOGRAMS, score, 1, "square", 0.3);
    addScore(narrow, n + HISTOGRAMS, score, 1);
    return own;
  },
  "combination: weighted Cauchy": (_, __, narrow, n, sample, tick) => {
    p[tick % MEMBER_COUNT] = Math.min(0.99, Math.max(1e-6, Math.abs(sample) / 5));
    return combineP(p, MEMBER_COUNT, narrow, n + MEMBER_WEIGHTS);
  },
};

/** Times that a push does it. */
export const TIMES: Readonly<Record<string, number>> = { "calibration: one histogram with its tail": MEMBER_COUNT + 1 };

/** Microseconds of processor time per series and sample. */
export function costOfPiece(piece: Piece, series: number, ticks: number): number {
  const wide = new Float64Array(series * WIDE);
  const narrow = new Float32Array(wide.buffer);
  for (let index = 0; index < series; index++) {
    narrow[index * NARROW + KIND] = 1;
    narrow.fill(1, index * NARROW + MEMBER_WEIGHTS, index * NARROW + MEMBER_WEIGHTS + MEMBER_COUNT);
  }
  const random = createRandom(1);
  const noise = Float64Array.from({ length: 1 << 14 }, () => random.normal());
  p.fill(0.5);
  let sum = 0;
  const runTick = (tick: number): void => {
    for (let index = 0; index < series; index++)
      sum += piece(wide, index * WIDE, narrow, index * NARROW, noise[(index + tick * 7919) & 16_383] as number, tick);
  };
  const warm = Math.ceil(ticks / 2);
  for (let tick = 1; tick <= warm; tick++) runTick(tick);
  const began = process.threadCpuUsage();
  for (let tick = warm + 1; tick <= warm + ticks; tick++) runTick(tick);
  const { user, system } = process.threadCpuUsage(began);
  if (Number.isNaN(sum)) throw new Error("a piece gave NaN");
  return (user + system) / (series * ticks);
}
