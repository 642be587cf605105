/** Our detector over the corpus: each series alone, sample by sample, one set of parameters. */
import { createRandom, NoveltyDetector, type NoveltyParams } from "../../src/index.ts";
import type { Profile, Series } from "./corpus.ts";
import { type AtThreshold, normalised, optimum, type Scored, sumAt, sweepOf } from "./sweep.ts";
import { worthOf } from "./worth.ts";

/** One detector's scores of some series. */
export type Answers = readonly (Scored & { readonly series: Series })[];

export function answersOf(corpus: readonly Series[], scoresOf: (series: Series) => Float64Array): Answers {
  return corpus.map((series) => ({ series, worth: worthOf(series.values.length, series.windows), scores: scoresOf(series) }));
}

/** Nothing of a series is known beforehand: not its length, not its least and greatest value, which NAB tells the other detectors. */
export const ourScores =
  (params: Partial<NoveltyParams> = {}) =>
  ({ values, times }: Series): Float64Array =>
    new NoveltyDetector(params).score(values, times);

export function randomScores(seed: number): (series: Series) => Float64Array {
  const random = createRandom(seed);
  return ({ values }) => values.map(() => random.next());
}

export const silence = ({ values }: Series): Float64Array => new Float64Array(values.length);

export const windowsOf = (answers: Answers): number => answers.reduce((count, { series }) => count + series.windows.length, 0);

/** Normalised score by profile, each at the threshold that NAB's optimiser finds on these series. */
export function scoreByProfile(answers: Answers, profiles: readonly Profile[]): { readonly scores: number[]; readonly at: AtThreshold[] } {
  const sweep = sweepOf(answers);
  const at = profiles.map((profile) => optimum(sweep, profile));
  return { at, scores: at.map(({ score }, index) => normalised(score, windowsOf(answers), profiles[index] as Profile)) };
}

/** Each series' sum at the threshold of the whole. */
export function sumBySeries(answers: Answers, profile: Profile): readonly number[] {
  const { threshold } = optimum(sweepOf(answers), profile);
  return answers.map((answer) => sumAt(sweepOf([answer]), profile, threshold).score);
}

/** Windows in which at least one row is a detection. */
export function windowsFound(answers: Answers, threshold: number): number {
  return answers.reduce((count, { scores, worth, series }) => {
    const found = series.windows.filter((_, name) => scores.some((score, row) => worth.window[row] === name && score >= threshold));
    return count + found.length;
  }, 0);
}
