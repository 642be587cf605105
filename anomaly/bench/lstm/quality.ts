/** What the autoencoder sees on measured servers whose anomalies are labelled, beside chance. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fitLstmInThreads } from "../../node/index.ts";
import { LSTM_DEFAULTS, type Matrix, matrixOfRows, rowOf } from "../../src/index.ts";
import type { Row, Table } from "../report.ts";
import { nullScores, randomScores } from "../scoring/baselines.ts";
import { scoringWindow } from "../scoring/scoring-window.ts";
import { vusPr } from "../scoring/vus.ts";

const MACHINES = ["machine-2-1", "machine-2-7", "machine-3-4"] as const;

interface Server {
  readonly name: string;
  readonly history: Matrix;
  readonly test: Matrix;
  readonly labels: Uint8Array;
}

type Detector = (server: Server, say: (line: string) => void) => Promise<Float64Array>;

const DETECTORS: readonly { readonly name: string; readonly ours: boolean; readonly scores: Detector }[] = [
  { name: "LSTM autoencoder", ours: true, scores: autoencoder },
  { name: "random", ours: false, scores: async ({ labels }) => randomScores(labels.length, 1) },
  { name: "null", ours: false, scores: async ({ labels }) => nullScores(labels.length) },
];

export async function qualityTables(data: string, say: (line: string) => void): Promise<readonly Table[]> {
  const servers = MACHINES.map((name) => readServer(data, name));
  const rows: Row[] = [];
  for (const { name, ours, scores } of DETECTORS) {
    const cells: number[] = [];
    for (const server of servers) cells.push(vusPr(server.labels, await scores(server, say), scoringWindow(firstColumn(server.test))));
    const mean = cells.reduce((sum, cell) => sum + cell, 0) / cells.length;
    say(`${name}: ${mean.toFixed(3)}`);
    rows.push({ name, cells: [mean, ...cells], ours });
  }
  return [
    {
      title: "SMD, each machine with its own history, VUS-PR",
      notes: ["Trained on the machine's history file; its test file scored causally, one score per row, by the parameters that the library has as defaults."],
      columns: ["detector", "mean", ...MACHINES],
      rows,
      draw: "mean",
    },
  ];
}

async function autoencoder({ name, history, test }: Server, say: (line: string) => void): Promise<Float64Array> {
  const model = await fitLstmInThreads(history);
  const { epoch, heldOutLoss } = model.epochs.reduce((best, each) => (each.heldOutLoss < best.heldOutLoss ? each : best));
  say(`${name}: best of ${model.epochs.length} epochs is ${epoch}, held-out error ${heldOutLoss.toFixed(3)}`);
  const stream = model.stream();
  for (let row = history.rows - LSTM_DEFAULTS.window + 1; row < history.rows; row++) stream.push(0, rowOf(history, row));
  return Float64Array.from({ length: test.rows }, (_, row) => stream.push(0, rowOf(test, row)));
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
