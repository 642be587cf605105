/** NAB's sum over all series at one threshold, and its own optimiser: the threshold at which that sum is greatest. */
import { InputError } from "../../src/input-error.ts";
import type { Profile } from "./corpus.ts";
import { OUTSIDE, PROBATION, type Worth } from "./worth.ts";

/** One series' labels and one detector's scores of it, one score in [0, 1] per row. */
export interface Scored {
  readonly worth: Worth;
  readonly scores: Float64Array;
}

/** `score` before normalising; counts are rows at or above the threshold (positive) and below, probation left out. */
export interface AtThreshold {
  readonly threshold: number;
  readonly score: number;
  readonly tp: number;
  readonly fp: number;
  readonly tn: number;
  readonly fn: number;
}

type Costs = Pick<Profile, "tp" | "fp" | "fn">;

/** Rows of all series that count, highest score first. */
export interface Sweep {
  readonly scores: Float64Array;
  readonly worth: Float64Array;
  /** A number that no other series' windows have, or OUTSIDE. */
  readonly window: Int32Array;
  readonly windows: number;
}

/** Throws InputError where a score is missing or outside [0, 1]. */
export function sweepOf(all: readonly Scored[]): Sweep {
  const rows: { score: number; worth: number; window: number }[] = [];
  const numbers = new Map<string, number>();
  all.forEach(({ worth: { worth, window }, scores }, index) => {
    if (scores.length !== worth.length) throw new InputError(`series ${index} has ${worth.length} rows but ${scores.length} scores`);
    window.forEach((name, row) => {
      if (name === PROBATION) return;
      const score = scores[row] ?? Number.NaN;
      if (!(score >= 0 && score <= 1)) throw new InputError(`series ${index}, row ${row}: a score is in [0, 1], got ${score}`);
      const key = `${index} ${name}`;
      if (name !== OUTSIDE && !numbers.has(key)) numbers.set(key, numbers.size);
      rows.push({ score, worth: worth[row] ?? 0, window: numbers.get(key) ?? OUTSIDE });
    });
  });
  rows.sort((one, other) => other.score - one.score);
  return {
    scores: Float64Array.from(rows, ({ score }) => score),
    worth: Float64Array.from(rows, ({ worth }) => worth),
    window: Int32Array.from(rows, ({ window }) => window),
    windows: numbers.size,
  };
}

/** Every sum from "nothing is a detection" (threshold 1.1) down to "everything is"; a detection is a score at or above the threshold. */
export function* sumsOf({ scores, worth, window, windows }: Sweep, costs: Costs): Generator<AtThreshold> {
  const best = new Float64Array(windows).fill(-costs.fn);
  let fn = window.reduce((count, name) => count + (name === OUTSIDE ? 0 : 1), 0);
  let tn = scores.length - fn;
  let tp = 0;
  let fp = 0;
  let score = -costs.fn * windows;
  let threshold = 1.1;
  for (let row = 0; row < scores.length; row++) {
    const next = scores[row] as number;
    if (next !== threshold) {
      yield { threshold, score, tp, fp, tn, fn };
      threshold = next;
    }
    const name = window[row] as number;
    if (name === OUTSIDE) {
      fp++;
      tn--;
      score += (worth[row] as number) * costs.fp;
      continue;
    }
    tp++;
    fn--;
    const before = best[name] as number;
    const now = Math.max(before, (worth[row] as number) * costs.tp);
    best[name] = now;
    score += now - before;
  }
  yield { threshold, score, tp, fp, tn, fn };
}

/** The greatest sum; of equal ones that with the highest threshold. */
export function optimum(sweep: Sweep, costs: Costs): AtThreshold {
  let best: AtThreshold | undefined;
  for (const sum of sumsOf(sweep, costs)) if (best === undefined || sum.score > best.score) best = sum;
  return best as AtThreshold;
}

/** The sum where every score at or above `threshold` is a detection. */
export function sumAt(sweep: Sweep, costs: Costs, threshold: number): AtThreshold {
  let last: AtThreshold | undefined;
  for (const sum of sumsOf(sweep, costs)) {
    if (sum.threshold < threshold) break;
    last = sum;
  }
  return { ...(last as AtThreshold), threshold };
}

/** 0 for a detector that never speaks, 100 for one that speaks at the first row of every one of `windows` windows and at no other. */
export function normalised(score: number, windows: number, { tp, fn }: Costs): number {
  const silent = -fn * windows;
  return (100 * (score - silent)) / (tp * windows - silent);
}
