/** What each piece is worth: the detector without it, everything else as it is. */
import type { NoveltyParams } from "../../src/index.ts";
import type { Table } from "../report.ts";
import type { Profile, Series } from "./corpus.ts";
import { answersOf, ourScores, scoreByProfile } from "./ours.ts";
import { withoutArtificial } from "./standings.ts";

export const VARIANTS: Readonly<Record<string, Partial<NoveltyParams>>> = {
  "as it is": {},
  "without the window of 3": { windows: [6, 12] },
  "without the window of 6": { windows: [3, 12] },
  "without the window of 12": { windows: [3, 6] },
  "without the time of day": { dailyWindows: [] },
  "the time of day alone": { windows: [] },
  "without maturity": { mature: 0 },
  "mature after 1,000": { mature: 1000 },
  "without quiet time": { quietLeast: 0, quietMost: 0, margin: 0 },
  "without the margin": { margin: 0 },
  "32 states": { capacity: 32 },
  "radius 0.01": { radius: 0.01 },
  "radius 0.04": { radius: 0.04 },
};

export function ablation(corpus: readonly Series[], profiles: readonly Profile[], say: (line: string) => void): Table {
  return {
    title: "What each piece is worth",
    notes: ["All 58 series by profile, then the 47 real ones. Printed to be read: no parameter was chosen by it."],
    columns: ["detector", ...profiles.map(({ name }) => name), ...profiles.map(({ name }) => `${name}, real`)],
    rows: Object.entries(VARIANTS).map(([name, params]) => {
      say(name);
      const answers = answersOf(corpus, ourScores(params));
      return {
        name,
        cells: [...scoreByProfile(answers, profiles).scores, ...scoreByProfile(withoutArtificial(answers), profiles).scores],
        ours: name === "as it is",
      };
    }),
    digits: 2,
  };
}
