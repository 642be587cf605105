/** What the autoencoder sees on measured servers whose anomalies are labelled, beside chance. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fitLstmInThreads } from "../../node/index.ts";
import { type Matrix, matrixOfRows, rowOf } from "../../src/index.ts";
import { fitPca } from "../../src/multivariate/pca.ts";
import { follow, timescalesOf, unusual } from "../../src/multivariate/timescales.ts";
import type { Row, Table } from "../report.ts";
import { nullScores, randomScores } from "../scoring/baselines.ts";
import { scoringWindow } from "../scoring/scoring-window.ts";
import { vusPr } from "../scoring/vus.ts";
import { syntheticMachine } from "../smd/synthetic.ts";

const MADE = [201, 202, 203, 204, 205, 206] as const;
const MACHINES = ["machine-2-1", "machine-2-7", "machine-3-4"] as const;

interface Server {
  readonly name: string;
  readonly history: Matrix;
  readonly test: Matrix;
  readonly labels: Uint8Array;
}

export async function qualityTables(data: string, say: (line: string) => void): Promise<readonly Table[]> {
  const made = MADE.map((seed): Server => ({ name: `server ${seed}`, ...syntheticMachine(seed, 10_080, 8_000) }));
  const common = [
    "Fitted on the machine's history, by the defaults of the library; what came after it scored causally, one score per row. The autoencoder learns nothing after the fit, PCA does.",
    "Moving means: the autoencoder's score at half-lives of 0, 5 and 20 rows, each measured by the history, as PCA's is. The row below PCA is the mean of both.",
  ];
  return [
    {
      title: "Made servers, VUS-PR: the kind on which the autoencoder's parameters were chosen (tuned on)",
      notes: [...common, "Other servers than those, from other seeds."],
      ...(await compared(made, say)),
    },
    {
      title: "SMD, each machine with its own history, VUS-PR: does the autoencoder improve on PCA?",
      notes: [...common, "No parameter was chosen on this data."],
      ...(await compared(
        MACHINES.map((name) => readServer(data, name)),
        say,
      )),
    },
  ];
}

async function compared(servers: readonly Server[], say: (line: string) => void): Promise<Pick<Table, "columns" | "rows" | "draw">> {
  const results = new Map<string, number[]>();
  for (const server of servers) {
    const window = scoringWindow(firstColumn(server.test));
    for (const [detector, scores] of Object.entries(await detected(server, say))) {
      const volume = vusPr(server.labels, scores, window);
      say(`${server.name}, ${detector}: ${volume.toFixed(3)}`);
      results.set(detector, [...(results.get(detector) ?? []), volume]);
    }
  }
  const rows = [...results].map(([name, cells]): Row => {
    const mean = cells.reduce((sum, cell) => sum + cell, 0) / cells.length;
    return { name, cells: [mean, ...cells], ours: name !== "random" && name !== "null" };
  });
  return { columns: ["detector", "mean", ...servers.map(({ name }) => name)], rows, draw: "mean" };
}

async function detected(server: Server, say: (line: string) => void): Promise<Readonly<Record<string, Float64Array>>> {
  const { plain, timescales } = await autoencoderScores(server, say);
  const pca = fitPca(server.history).pushRows(server.test);
  return {
    "LSTM autoencoder": plain,
    "LSTM autoencoder, moving means": timescales,
    PCA: pca,
    "PCA and the autoencoder": pca.map((score, row) => (score + (timescales[row] as number)) / 2),
    random: randomScores(server.test.rows, 1),
    null: nullScores(server.test.rows),
  };
}

async function autoencoderScores({ name, history, test }: Server, say: (line: string) => void) {
  const model = await fitLstmInThreads(history);
  const { epoch, heldOutLoss } = model.epochs.reduce((best, each) => (each.heldOutLoss < best.heldOutLoss ? each : best));
  say(`${name}: the best of ${model.epochs.length} epochs is ${epoch}, error on held-out rows ${heldOutLoss.toFixed(3)}`);
  const stream = model.stream();
  const push = (table: Matrix): Float64Array => Float64Array.from({ length: table.rows }, (_, row) => stream.push(0, rowOf(table, row)));
  const before = push(history).subarray(model.params.window - 1);
  const timescales = timescalesOf(before, [0, 5, 20]);
  const plain = push(test);
  return {
    plain,
    timescales: plain.map((score) => {
      follow(timescales, score);
      return unusual(timescales);
    }),
  };
}

function readServer(data: string, name: string): Server {
  const lines = (suffix: string): string[] =>
    readFileSync(join(data, "smd", `${name}_${suffix}.csv`), "utf8")
      .trim()
      .split("\n");
  const table = (suffix: string): Matrix => matrixOfRows(lines(suffix).map((line) => line.split(",").map(Number)));
  return { name, history: table("train"), test: table("test"), labels: Uint8Array.from(lines("test_label"), Number) };
}

function firstColumn({ rows, columns, values }: Matrix): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => values[row * columns] as number);
}
