/** What a training costs, how it grows with the windows, and what a second thread brings. */
import { trainInThreads } from "../../node/training.ts";
import { type LstmParams, type Matrix, matrix } from "../../src/index.ts";
import { prepareLstm } from "../../src/multivariate/lstm-autoencoder.ts";
import { createRandom } from "../../src/random.ts";
import type { Row, Table } from "../report.ts";

const WINDOW = 32;
const GOAL_SECONDS = 60;

export async function trainingTables(say: (line: string) => void): Promise<readonly Table[]> {
  return [await growth(say), await sizes(say)];
}

async function growth(say: (line: string) => void): Promise<Table> {
  const rows: Row[] = [];
  const epochs = 5;
  for (const windows of [1_000, 10_000, 40_000]) {
    const [one, two] = [
      await seconds(windows, 8, { hidden: 16, epochs, patience: epochs }, 1),
      await seconds(windows, 8, { hidden: 16, epochs, patience: epochs }, 2),
    ];
    say(`${windows} windows: ${one.wall.toFixed(1)} s in one thread, ${two.wall.toFixed(1)} s in two`);
    rows.push({ name: `${windows} windows`, cells: [one.wall, two.wall, one.wall / two.wall, (1e6 * two.processor) / (windows * epochs)], ours: true });
  }
  return {
    title: "Training grows in proportion to the windows: 32 x 8, hidden 16, 5 epochs, seconds",
    notes: [
      "Start of the threads and scoring of the held-out fifth (beside the windows counted here) after each epoch included. Both runs end in the same bits.",
      "The last column is time on a processor, of all threads: other work on the machine does not count in it.",
    ],
    columns: ["windows", "one thread", "two threads", "one / two", "processor us a window and epoch"],
    rows,
    digits: 2,
    draw: "two threads",
  };
}

async function sizes(say: (line: string) => void): Promise<Table> {
  const rows: Row[] = [];
  for (const [features, hidden] of [
    [8, 16],
    [38, 16],
    [38, 32],
  ] as const) {
    const { wall, processor, epochs } = await seconds(10_000, features, { hidden }, 2);
    say(`${features} features, hidden ${hidden}: ${wall.toFixed(1)} s for ${epochs} epochs`);
    rows.push({ name: `32 x ${features}, hidden ${hidden}`, cells: [wall, epochs, wall / epochs, processor, GOAL_SECONDS], ours: true });
  }
  return {
    title: "Training on 10,000 windows in two threads with the defaults, seconds",
    notes: ["As many epochs as it takes until the error on held-out rows has not fallen for 4 of them, at most 20."],
    columns: ["size", "seconds", "epochs", "seconds an epoch", "processor seconds", "goal"],
    rows,
    digits: 1,
    draw: "seconds",
  };
}

async function seconds(windows: number, features: number, params: Partial<LstmParams>, threads: number) {
  const { plan } = prepareLstm(server(Math.ceil((windows + WINDOW - 1) / 0.8), features), { ...params, window: WINDOW, stride: 1 });
  const before = process.cpuUsage();
  const began = performance.now();
  const { epochs } = await trainInThreads(plan, { threads });
  const { user, system } = process.cpuUsage(before);
  return { wall: (performance.now() - began) / 1000, processor: (user + system) / 1e6, epochs: epochs.length };
}

/** Metrics that follow two waves and a shared noise. */
function server(rows: number, features: number): Matrix {
  const random = createRandom(5);
  const table = matrix(rows, features);
  const mix = Array.from({ length: features }, () => [random.normal(), random.normal(), 0.3 * random.normal()] as const);
  let shared = 0;
  for (let row = 0; row < rows; row++) {
    shared = 0.9 * shared + random.normal();
    mix.forEach(([slow, fast, common], feature) => {
      table.values[row * features + feature] = slow * Math.sin(row / 60) + fast * Math.sin(row / 7) + common * shared + 0.2 * random.normal();
    });
  }
  return table;
}
