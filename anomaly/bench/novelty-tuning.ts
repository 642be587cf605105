/** The sets on which the detector of one series is tuned, and what each of its pieces is worth there: whoever changes it judges the change by this part. */
import { join } from "node:path";
import { readGroups } from "./cloud-monitoring/groups.ts";
import { mean } from "./mean.ts";
import { VARIANTS } from "./nab/ablation.ts";
import { type Profile, readCorpus, readProfiles, type Series } from "./nab/corpus.ts";
import { type Answers, answersOf, ourScores } from "./nab/ours.ts";
import { isArtificial } from "./nab/standings.ts";
import { atOptimum, type KindScore, leaveOneKindOut } from "./novelty-tuning/by-kind.ts";
import { calmMonths } from "./novelty-tuning/calm-months.ts";
import { asNab } from "./novelty-tuning/cloud.ts";
import { KINDS, seriesOfKind } from "./novelty-tuning/synthetic.ts";
import type { Part } from "./part.ts";
import type { Row, Table } from "./report.ts";

const SERIES_OF_A_KIND = 32;
const SEED = 1;
const TUNED_ON = "Tuned on: parameters were chosen here. NAB's scoring, standard profile";

/** Sets of series by name; the synthetic kinds together are one set. */
type Sets = Readonly<Record<"artificial" | "cloud", readonly Series[]>> & { readonly kinds: ReadonlyMap<string, readonly Series[]> };

export const noveltyTuning: Part = {
  name: "novelty-tuning",
  title: "Novelty: the sets that it is tuned on",
  needs: ["nab", "cloud-monitoring"],
  async run(data, say) {
    const profiles = readProfiles(join(data, "nab"));
    const sets: Sets = {
      kinds: new Map(KINDS.map((kind, index) => [kind.name, seriesOfKind(kind, SERIES_OF_A_KIND, SEED + index)])),
      artificial: readCorpus(join(data, "nab")).filter(isArtificial),
      cloud: asNab(readGroups(join(data, "cloud-monitoring"))),
    };
    const standard = profiles[0] as Profile;
    const rows = Object.entries(VARIANTS).map(([name, params]) => {
      say(name);
      return { name, ...scoresOf(sets, ourScores(params), standard) };
    });
    say("months in which nothing happens");
    return [piecesTable(rows), kindsTable(rows[0]?.kinds ?? []), calmMonths(KINDS, rows[0]?.level ?? 1)];
  },
};

interface Scores {
  readonly kinds: readonly KindScore[];
  /** All kinds at one threshold, and that threshold. */
  readonly synthetic: number;
  readonly level: number;
  readonly artificial: number;
  readonly cloud: number;
}

function scoresOf({ kinds, artificial, cloud }: Sets, scores: (series: Series) => Float64Array, profile: Profile): Scores {
  const answers = new Map<string, Answers>([...kinds].map(([kind, series]) => [kind, answersOf(series, scores)]));
  const { score, threshold } = atOptimum([...answers.values()].flat(), profile);
  return {
    kinds: leaveOneKindOut(answers, profile),
    synthetic: score,
    level: threshold,
    artificial: atOptimum(answersOf(artificial, scores), profile).score,
    cloud: atOptimum(answersOf(cloud, scores), profile).score,
  };
}

function piecesTable(rows: readonly (Scores & { readonly name: string })[]): Table {
  return {
    title: "What each piece is worth on the tuning sets",
    notes: [
      `${TUNED_ON}, each set at its best threshold. "Unseen kind": mean over the ${KINDS.length} synthetic kinds, each at the threshold that the other kinds ask for.`,
      "The last column counts the kinds that lose more than 2 points by the change, the one before it those that gain as much.",
    ],
    columns: ["detector", "synthetic", "unseen kind", "NAB artificial", "cloud monitoring", "mean", "kinds won", "kinds lost"],
    rows: rows.map(({ name, kinds, synthetic, artificial, cloud }): Row => {
      const gains = kinds.map(({ unseen }, index) => unseen - (rows[0]?.kinds[index]?.unseen ?? 0));
      const unseen = mean(kinds.map((kind) => kind.unseen));
      const counts = [gains.filter((gain) => gain > 2), gains.filter((gain) => gain < -2)].map(({ length }) => String(length));
      return { name, cells: [synthetic, unseen, artificial, cloud, mean([synthetic, unseen, artificial, cloud]), ...counts], ours: name === "as it is" };
    }),
    digits: 1,
  };
}

function kindsTable(kinds: readonly KindScore[]): Table {
  return {
    title: "Kinds of synthetic series",
    notes: [`${TUNED_ON}; ${SERIES_OF_A_KIND} series of each kind.`],
    columns: ["kind", "at the threshold of the other kinds", "at its own", "windows"],
    rows: kinds.map(({ kind, answers, unseen, own }) => ({
      name: kind,
      cells: [unseen, own, String(answers.reduce((sum, { series }) => sum + series.windows.length, 0))],
    })),
    digits: 1,
  };
}
