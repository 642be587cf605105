/** The proof of the scorer: what the archive says of the detectors whose scores of every row it holds, beside what we count from those scores. */
import type { Table } from "../report.ts";
import { detectorsWithResults, type Profile, readPublished, readScoreByFile, readScores, readThresholds, type Series } from "./corpus.ts";
import { normalised, optimum, type Scored, sumAt, sweepOf } from "./sweep.ts";
import { worthOf } from "./worth.ts";

/** The archive's scores have 12 digits. */
const TOLERANCE = 1e-6;

/** Throws where one score, one file's sum or one optimum differs. */
export function proofOf(folder: string, corpus: readonly Series[], profiles: readonly Profile[]): Table {
  const published = readPublished(folder);
  const thresholds = readThresholds(folder);
  const windows = corpus.reduce((count, series) => count + series.windows.length, 0);
  const rows = detectorsWithResults(folder).flatMap((detector) => {
    const scored = corpus.map((series) => ({ worth: worthOf(series.values.length, series.windows), scores: readScores(folder, detector, series.name) }));
    const sweep = sweepOf(scored);
    return profiles.map((profile) => {
      const theirs = published[detector]?.[profile.name];
      const threshold = thresholds[detector]?.[profile.name]?.threshold ?? Number.NaN;
      const at = sumAt(sweep, profile, threshold);
      const best = optimum(sweep, profile);
      const ours = normalised(at.score, windows, profile);
      expectEqual(`${detector}, ${profile.name}, score`, theirs, ours);
      expectEqual(`${detector}, ${profile.name}, score at our optimiser's threshold`, theirs, normalised(best.score, windows, profile));
      expectEqual(`${detector}, ${profile.name}, detections at our optimiser's threshold`, at.tp + at.fp, best.tp + best.fp);
      const files = compareFiles(folder, detector, profile, corpus, scored);
      return { name: `${detector}, ${profile.name}`, cells: [theirs, ours, String(threshold), String(best.threshold), `${files} of ${corpus.length}`] };
    });
  });
  return {
    title: "NAB: the scorer, proven on the archive's own result files",
    notes: [
      "Scored from the archive's rows at its published threshold, and again at the threshold that our optimiser finds; the benchmark fails where a number differs by more than 0.000001.",
      "A threshold between two neighbouring scores is the same threshold: the archive's older optimiser stopped anywhere between them, ours names the lower detection's own score. The sums of windowedGaussian in the archive's thresholds.json are of an older run (its score files and final_results.json agree with each other and with us).",
    ],
    columns: ["detector, profile", "theirs", "ours", "their threshold", "our threshold", "files equal"],
    rows,
    digits: 6,
  };
}

/** How many files' sums were compared, which is all that the archive names. */
function compareFiles(folder: string, detector: string, profile: Profile, corpus: readonly Series[], scored: readonly Scored[]): number {
  const theirs = readScoreByFile(folder, detector, profile.name);
  corpus.forEach(({ name }, index) => {
    const sum = sumAt(sweepOf([scored[index] as Scored]), profile, theirs.threshold).score;
    expectEqual(`${detector}, ${profile.name}, ${name}`, theirs.scores.get(name), sum);
  });
  return theirs.scores.size;
}

function expectEqual(what: string, theirs: number | undefined, ours: number): void {
  if (theirs === undefined || !(Math.abs(theirs - ours) <= TOLERANCE))
    throw new Error(`NAB's scoring is not reproduced: ${what}: the archive says ${theirs ?? "nothing"}, we count ${ours}`);
}
