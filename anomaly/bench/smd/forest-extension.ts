/** How many metrics a split of an Isolation Forest should weigh, and whether it names the right one. */
import { createRandom, IsolationForest, matrix } from "../../src/index.ts";
import { mean } from "../mean.ts";
import type { Row, Table } from "../report.ts";
import { vusPr } from "../scoring/vus.ts";
import type { MeasuredMachine } from "./machines.ts";
import { between } from "./protocols.ts";

const SEEDS = [1, 2, 3, 4, 5];
const EXTENSIONS = [0, 5, 10, 18, 37];
const VECTORS = 1_000;
/** Deviations by which the one metric is off. */
const OFF = 4;

export function forestExtension(machines: readonly MeasuredMachine[], say: (line: string) => void): Table {
  const rows = EXTENSIONS.map((extension): Row => {
    say(`a forest with extension ${extension}`);
    const meanOf = (known: (machine: MeasuredMachine) => MeasuredMachine["history"]): number =>
      mean(
        machines.flatMap((machine) =>
          SEEDS.map((seed) => vusPr(machine.labels, IsolationForest.fit(known(machine), { extension, seed }).score(machine.test), machine.window)),
        ),
      );
    return { name: String(extension), ours: true, cells: [meanOf(({ history }) => history), meanOf(({ test, prefix }) => between(test, 0, prefix))] };
  });
  return {
    title: "Isolation Forest on the server machines: mean VUS-PR by extension",
    notes: [`Mean of ${SEEDS.length} seeds; each row scored alone, nothing learned after the fit. No extension is a default because of these numbers.`],
    columns: ["extension", "prior history", "prefix"],
    rows,
  };
}

export function forestNames(): Table {
  return {
    title: "Isolation Forest: how often the metric that is off has the largest contribution",
    notes: [`${VECTORS.toLocaleString("en")} vectors of independent normal metrics, one of them ${OFF} deviations off; 100 trees on 10,000 vectors.`],
    columns: ["metrics", "share", "chance"],
    rows: [5, 20, 38].map((columns): Row => {
      const random = createRandom(columns);
      const rows = 10_000;
      const values = Float64Array.from({ length: rows * columns }, () => random.normal());
      const forest = IsolationForest.fit(matrix(rows, columns, values), { seed: 1 });
      let right = 0;
      for (let vector = 0; vector < VECTORS; vector++) {
        const sample = Float64Array.from({ length: columns }, () => random.normal());
        const off = random.below(columns);
        sample[off] = random.next() < 0.5 ? OFF : -OFF;
        const contributions = forest.contributions(sample);
        if (contributions.indexOf(Math.max(...contributions)) === off) right++;
      }
      return { name: String(columns), ours: true, cells: [right / VECTORS, 1 / columns] };
    }),
  };
}
