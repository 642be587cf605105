/** What a forest sees in vectors: a single metric far out, and, extended, a combination of values each of which is usual. */
import { createRandom, fitIsolationForest, matrix, matrixOfRows } from "../../src/index.ts";
import type { Scene } from "../chart.ts";

const TRAINED = 600;
const LENGTH = 1_000;
const MEAN = 10;
const COLUMNS = ["requests", "processor", "latency"] as const;

export function isolationForestScene(): Scene {
  const random = createRandom(5);
  const vectors = Array.from({ length: LENGTH }, (_, index) => {
    // By day many requests, by night few and a batch that works the processor hard.
    const day = index % 200 < 120;
    const both = index >= 730 && index < 750;
    const requests = (day || both ? 80 : 20) + 3 * random.normal();
    const processor = (day && !both ? 30 : 75) + 3 * random.normal();
    return [requests, processor, 10 + 2 * random.normal() + (index >= 880 && index < 886 ? 20 : 0)];
  });
  const rows = matrixOfRows(vectors);
  const before = matrix(TRAINED, COLUMNS.length, rows.values.slice(0, TRAINED * COLUMNS.length));
  const plain = fitIsolationForest(before, { seed: 1 });
  const extended = fitIsolationForest(before, { seed: 1, extension: 2 });
  const scores = trailingMean(extended.score(rows));
  const level = Math.max(...scores.subarray(MEAN, TRAINED));
  const alarms = Array.from(scores).flatMap((score, index) => (index >= TRAINED && score > level ? [index] : []));
  const column = (index: number): number[] => vectors.map((vector) => vector[index] as number);
  const bars = (first: number, last: number) => {
    const sums = new Float64Array(COLUMNS.length);
    for (let index = first; index <= last; index++)
      extended.contributions(rows.values, index * COLUMNS.length).forEach((each, place) => {
        sums[place] = (sums[place] as number) + each / (last - first + 1);
      });
    return COLUMNS.map((name, place) => ({ name, value: Math.max(sums[place] as number, 0) }));
  };
  return {
    name: "isolation-forest",
    title: "Trained on samples 0 to 599: day and night at once, then one metric far out",
    truth: [
      [730, 749],
      [880, 885],
    ],
    sample: "1 min",
    panels: [
      {
        title: "metrics",
        lines: [
          { label: "requests", values: column(0) },
          { label: "processor, %", values: column(1), colour: "orange" },
          { label: "latency, ms", values: column(2), colour: "purple" },
        ],
      },
      {
        title: "score, mean of the last ten samples",
        lines: [
          { label: "extension 2", values: scores },
          { label: "plain", values: trailingMean(plain.score(rows)), colour: "grey" },
        ],
        level: { label: "most in training", value: level },
        alarms,
      },
      { title: "splits that each metric saved, samples 730 to 749", lines: [], bars: bars(730, 749) },
      { title: "splits that each metric saved, samples 880 to 885", lines: [], bars: bars(880, 885) },
    ],
  };
}

/** What lasts stands out from single wild samples; NaN before there are ten. */
function trailingMean(scores: Float64Array): Float64Array {
  return scores.map((_, index) => (index < MEAN ? Number.NaN : scores.subarray(index - MEAN + 1, index + 1).reduce((sum, score) => sum + score / MEAN, 0)));
}
