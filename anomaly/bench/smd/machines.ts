/** The machines of the Server Machine Dataset that are there, and what was published about each. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../../src/input-error.ts";
import { type Matrix, matrix } from "../../src/matrix.ts";
import { scoringWindow } from "../scoring/scoring-window.ts";
import { segmentsOf } from "../scoring/segments.ts";
import type { Machine } from "./synthetic.ts";

export interface MeasuredMachine extends Machine {
  readonly name: string;
  /** Largest window of VUS-PR, from the first metric as TSB-AD has it. */
  readonly window: number;
  /** Rows at the beginning of `test` that TSB-AD grants for training. */
  readonly prefix: number;
  /** VUS-PR by method, as TSB-AD published it. */
  readonly published: ReadonlyMap<string, number>;
}

const SUFFIX = "_test_label.csv";

/** Every machine in `folder` that has a published row; which row is its own shows in length, anomalies and their number. Says which have none. */
export function machinesIn(folder: string, publishedFile: string, say: (line: string) => void): MeasuredMachine[] {
  const rows = publishedRows(publishedFile);
  const names = readdirSync(folder)
    .filter((file) => file.endsWith(SUFFIX))
    .map((file) => file.slice(0, -SUFFIX.length));
  return names.sort().flatMap((name) => {
    const labels = Uint8Array.from(numbersOf(join(folder, `${name}${SUFFIX}`)).values);
    const own = rows.find(
      ({ length, labelled, runs }) =>
        length === labels.length && labelled === labels.reduce((sum, each) => sum + each, 0) && runs === segmentsOf(labels).length,
    );
    if (own === undefined) say(`${name} has no published row: left out`);
    if (own === undefined) return [];
    const test = numbersOf(join(folder, `${name}_test.csv`));
    const first = Float64Array.from({ length: test.rows }, (_, row) => test.values[row * test.columns] as number);
    const { prefix, published } = own;
    return [{ name, labels, history: numbersOf(join(folder, `${name}_train.csv`)), test, window: scoringWindow(first), prefix, published }];
  });
}

interface PublishedRow {
  readonly length: number;
  readonly labelled: number;
  readonly runs: number;
  readonly prefix: number;
  readonly published: ReadonlyMap<string, number>;
}

function publishedRows(file: string): PublishedRow[] {
  const [head = "", ...lines] = readFileSync(file, "utf8").trim().split("\n");
  const names = head.trim().split(",");
  const measured = names.slice(1, names.indexOf("ts_len"));
  return lines.map((line) => {
    const cells = line.trim().split(",");
    const cell = (name: string): number => Number(cells[names.indexOf(name)]);
    const [, prefix] = /_tr_(\d+)_/.exec(cells[0] ?? "") ?? [];
    if (prefix === undefined) throw new InputError(`${file}: "${cells[0]}" does not say how many rows are for training (_tr_N_)`);
    const published = new Map(measured.map((name) => [name, cell(name)]));
    return { length: cell("ts_len"), labelled: cell("anomaly_len"), runs: cell("num_anomaly"), prefix: Number(prefix), published };
  });
}

function numbersOf(file: string): Matrix {
  const rows = readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => line.split(",").map(Number));
  const columns = rows[0]?.length ?? 0;
  return matrix(rows.length, columns, Float64Array.from(rows.flat()));
}
