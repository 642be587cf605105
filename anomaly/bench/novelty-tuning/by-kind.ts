/** Scores of a set of series in which most rows score nothing, and of each kind at the threshold that the other kinds ask for. */
import type { Profile } from "../nab/corpus.ts";
import { type Answers, windowsOf } from "../nab/ours.ts";
import { normalised, optimum, type Scored, sumAt, sweepOf } from "../nab/sweep.ts";

/**
 * The same sums at every threshold above 0 by fewer rows: those that score, and the first of each window, worth nothing there, so that a missed window is missed.
 * No threshold of 0 ("everything is a detection") is left to win.
 */
export function condensed({ worth, scores }: Scored): Scored {
  const scored = (row: number): boolean => (scores[row] as number) > 0;
  const begins = (row: number): boolean => (worth.window[row] as number) >= 0 && worth.window[row] !== worth.window[row - 1];
  const kept = [...scores.keys()].filter((row) => scored(row) || begins(row));
  return {
    worth: {
      worth: Float64Array.from(kept, (row) => (scored(row) ? (worth.worth[row] as number) : Number.NEGATIVE_INFINITY)),
      window: Int32Array.from(kept, (row) => worth.window[row] as number),
    },
    scores: Float64Array.from(kept, (row) => scores[row] as number),
  };
}

export function atOptimum(answers: Answers, profile: Profile): { readonly score: number; readonly threshold: number } {
  const { score, threshold } = optimum(sweepOf(answers.map(condensed)), profile);
  return { score: normalised(score, windowsOf(answers), profile), threshold };
}

export interface KindScore {
  readonly kind: string;
  readonly answers: Answers;
  /** Threshold chosen without this kind: what a kind of series would get that was not thought of. */
  readonly unseen: number;
  /** Its own best threshold. */
  readonly own: number;
}

/** `kinds`: answers by kind. */
export function leaveOneKindOut(kinds: ReadonlyMap<string, Answers>, profile: Profile): readonly KindScore[] {
  const few = new Map([...kinds].map(([kind, answers]) => [kind, answers.map(condensed)]));
  return [...kinds].map(([kind, answers]) => {
    const others = [...few].filter(([other]) => other !== kind).flatMap(([, scored]) => scored);
    const own = sweepOf(few.get(kind) ?? []);
    const { threshold } = optimum(sweepOf(others), profile);
    const score = (sum: number): number => normalised(sum, windowsOf(answers), profile);
    return { kind, answers, unseen: score(sumAt(own, profile, threshold).score), own: score(optimum(own, profile).score) };
  });
}
