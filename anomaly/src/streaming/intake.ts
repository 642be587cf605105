/**
 * From what a scrape gives to what detectors take: a number per sample, and how much time it stands for. Each kind of bad input is counted, and none is an error:
 * what a metric is like is not the caller's fault.
 */
import { CLOCK_STEPS, FIRST_AT, GAPS, INTERVAL, KIND, LAST_AT, LAST_RAW, NOT_FINITE, REPEATED, RESETS, STARTED } from "./layout.ts";

export const GAUGE = 1;
export const COUNTER = 2;

/** What became of a sample. */
export const IGNORED = 0;
export const TAKEN = 1;
/** Taken, and time has passed without samples before it. */
export const TAKEN_AFTER_GAP = 2;

/** Larger values could not be squared in 4 bytes. */
const LARGEST = 1e18;
/** So many usual intervals without a sample are a gap. */
const GAP_INTERVALS = 4;
/** A silence ages a series by no more than a day: a clock that was years ahead does not make a young series old. */
const MOST_AGEING_MS = 86_400_000;
const INTERVAL_GAIN = 0.05;

/** Where taken samples are put: [value, elapsed milliseconds]. */
export type Taken = Float64Array;

/**
 * Takes `raw` at `at` (epoch milliseconds) into a slot whose state begins at `w` and `n`.
 * A value that is NaN, infinite or beyond 1e18 is ignored. So is a second one for the same time. A clock that steps back starts again from there.
 * A counter gives its rate per second since the sample before; after a reset it has counted from 0 (as in PromQL's rate); the first gives none, nor does the first
 * after a step back, and a negative one is ignored.
 */
export function takeIn(wide: Float64Array, w: number, narrow: Float32Array, n: number, raw: number, at: number, taken: Taken): number {
  const counter = narrow[n + KIND] === COUNTER;
  if (!(Math.abs(raw) <= LARGEST) || (counter && raw < 0)) return count(narrow, n + NOT_FINITE);
  const first = narrow[n + STARTED] === 0;
  const lastRaw = wide[w + LAST_RAW] as number;
  const elapsed = at - (wide[w + LAST_AT] as number);
  if (!first && elapsed === 0) return count(narrow, n + REPEATED);
  wide[w + LAST_AT] = at;
  wide[w + LAST_RAW] = raw;
  taken[0] = raw;
  if (first) {
    narrow[n + STARTED] = 1;
    wide[w + FIRST_AT] = at;
    taken[1] = 0;
    return counter ? IGNORED : TAKEN;
  }
  const usual = narrow[n + INTERVAL] as number;
  if (elapsed < 0) return stepBack(wide, w, narrow, n, elapsed, counter, taken);
  if (counter) {
    if (raw < lastRaw) count(narrow, n + RESETS);
    taken[0] = ((raw < lastRaw ? raw : raw - lastRaw) * 1000) / elapsed;
    if (!(taken[0] <= LARGEST)) return count(narrow, n + NOT_FINITE);
  }
  const gap = usual > 0 && elapsed > GAP_INTERVALS * usual;
  if (gap) {
    count(narrow, n + GAPS);
    wide[w + FIRST_AT] = (wide[w + FIRST_AT] as number) + Math.max(0, elapsed - MOST_AGEING_MS);
  }
  narrow[n + INTERVAL] = usual === 0 ? elapsed : usual + INTERVAL_GAIN * (Math.min(elapsed, 2 * usual) - usual);
  taken[1] = gap ? usual : elapsed;
  return gap ? TAKEN_AFTER_GAP : TAKEN;
}

/** The sample stands for a usual interval, and the series keeps its age. */
function stepBack(wide: Float64Array, w: number, narrow: Float32Array, n: number, elapsed: number, counter: boolean, taken: Taken): number {
  count(narrow, n + CLOCK_STEPS);
  const usual = narrow[n + INTERVAL] as number;
  wide[w + FIRST_AT] = (wide[w + FIRST_AT] as number) + elapsed - usual;
  taken[1] = usual;
  return counter ? IGNORED : TAKEN;
}

function count(narrow: Float32Array, index: number): number {
  narrow[index] = (narrow[index] as number) + 1;
  return IGNORED;
}
