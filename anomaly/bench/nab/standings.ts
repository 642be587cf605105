/** Ours beside the published rows, and series by series beside the two whose scores of every row are in the archive. */
import type { Row, Table } from "../report.ts";
import { detectorsWithResults, type Profile, readPublished, readScores, type Series } from "./corpus.ts";
import { type Answers, answersOf, ourScores, randomScores, scoreByProfile, silence, sumBySeries, windowsFound } from "./ours.ts";

const ARTIFICIAL = /^artificial/;
const NAMES: Readonly<Record<string, string>> = { contextOSE: "CAD OSE", numenta: "Numenta HTM", randomCutForest: "Random Cut Forest", knncad: "KNN CAD" };
const nameOf = (detector: string): string => NAMES[detector] ?? detector;

export const isArtificial = ({ name }: Series): boolean => ARTIFICIAL.test(name);
const isReal = ({ series }: Answers[number]): boolean => !isArtificial(series);

export const withoutArtificial = (answers: Answers): Answers => answers.filter(isReal);

export function standings(folder: string, corpus: readonly Series[], profiles: readonly Profile[]): readonly Table[] {
  const ours = answersOf(corpus, ourScores());
  const random = answersOf(corpus, randomScores(7));
  const others = detectorsWithResults(folder).map((detector) => ({
    name: nameOf(detector),
    answers: answersOf(corpus, (series) => readScores(folder, detector, series.name)),
  }));
  const own: readonly { name: string; answers: Answers; ours?: boolean }[] = [
    { name: "ours, NoveltyDetector", answers: ours, ours: true },
    { name: "random, our run", answers: random },
    { name: "null, our run", answers: answersOf(corpus, silence) },
  ];
  return [
    allFiles(folder, own, profiles),
    someFiles([...own, ...others], profiles, "NAB without its artificial files, 47 series", "None of these was used to fix a parameter.", isReal),
    someFiles([...own, ...others], profiles, "NAB, its 11 artificial files alone", "Tuned on.", (answer) => !isReal(answer)),
    wins(ours, others, profiles[0] as Profile),
  ];
}

function allFiles(folder: string, own: readonly { name: string; answers: Answers; ours?: boolean }[], profiles: readonly Profile[]): Table {
  const published: Row[] = Object.entries(readPublished(folder)).map(([detector, scores]) => ({
    name: `${nameOf(detector)}, published`,
    cells: [...profiles.map(({ name }) => scores[name]), undefined, undefined],
  }));
  return {
    title: "NAB, all 58 series",
    notes: [
      "Normalised score: 0 is silence, 100 perfect. Thresholds by NAB's own optimiser, one per detector and profile. Published rows are from final_results.json of the archive.",
      "Ours is strictly causal and has one set of parameters; it does not use the least and greatest value of the file, its length or its probation, which NAB tells every detector; ARTime, Numenta HTM and CAD OSE use what it tells. Its parameters were fixed on the artificial files (11 of the 58), the cloud-monitoring set and synthetic series; docs/novelty.md says how often the whole was looked at.",
    ],
    columns: ["detector", ...profiles.map(({ name }) => name), "windows found of 116", "false rows"],
    rows: byScore([...published, ...own.map((row) => rowOf(row, profiles))]),
    digits: 2,
    draw: profiles[0]?.name ?? "",
  };
}

function someFiles(
  all: readonly { name: string; answers: Answers; ours?: boolean }[],
  profiles: readonly Profile[],
  title: string,
  note: string,
  which: (answer: Answers[number]) => boolean,
): Table {
  return {
    title,
    notes: [
      note,
      "Thresholds by NAB's optimiser on these series. Published scores exist for the whole alone, so only detectors are here whose scores of every row are in the archive.",
    ],
    columns: ["detector", ...profiles.map(({ name }) => name), "windows found", "false rows"],
    rows: byScore(all.map((row) => rowOf({ ...row, answers: row.answers.filter(which) }, profiles))),
    digits: 2,
    draw: profiles[0]?.name ?? "",
  };
}

function rowOf({ name, answers, ours = false }: { name: string; answers: Answers; ours?: boolean }, profiles: readonly Profile[]): Row {
  const { scores, at } = scoreByProfile(answers, profiles);
  return { name, cells: [...scores, String(windowsFound(answers, at[0]?.threshold ?? 2)), String(at[0]?.fp)], ours };
}

const byScore = (rows: readonly Row[]): Row[] => rows.toSorted((one, other) => Number(other.cells[0]) - Number(one.cells[0]));

function wins(ours: Answers, others: readonly { name: string; answers: Answers }[], profile: Profile): Table {
  const mine = sumBySeries(ours, profile);
  const real = ours.map(isReal);
  const count = (sums: readonly number[], which: (mine: number, theirs: number) => boolean, counts: (index: number) => boolean): string =>
    String(mine.filter((own, index) => counts(index) && which(own, sums[index] as number)).length);
  return {
    title: "Series by series",
    notes: [`Profile ${profile.name}; each detector at its own threshold of the whole. A series is won where its sum is higher by more than 0.01.`],
    columns: ["ours beside", "won", "equal", "lost", "won, real", "equal, real", "lost, real"],
    rows: others.map(({ name, answers }) => {
      const sums = sumBySeries(answers, profile);
      const kinds = [
        (own: number, their: number) => own > their + 0.01,
        (own: number, their: number) => Math.abs(own - their) <= 0.01,
        (own: number, their: number) => own < their - 0.01,
      ];
      return { name, cells: [() => true, (index: number) => real[index] === true].flatMap((counts) => kinds.map((kind) => count(sums, kind, counts))) };
    }),
  };
}
