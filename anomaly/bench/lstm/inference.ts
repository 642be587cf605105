/** What one step costs, and what one sample costs. */
import { type Matrix, matrix, rowOf } from "../../src/index.ts";
import { prepareLstm } from "../../src/multivariate/lstm-autoencoder.ts";
import { createNetworkRun, initialWeights, reconstruct } from "../../src/multivariate/lstm-network.ts";
import { createRandom } from "../../src/random.ts";
import type { Row, Table } from "../report.ts";

const HIDDEN = [8, 16, 32, 64] as const;
const FEATURES = [1, 8, 38] as const;
const WINDOW = 32;
const GOAL = 2;

export function inferenceTable(say: (line: string) => void): Table {
  const rows = FEATURES.flatMap((features) =>
    HIDDEN.map((hidden): Row => {
      const { encoder, decoder, sample } = costs(features, hidden);
      say(`${features} features, hidden ${hidden}: ${encoder.toFixed(2)} us a step`);
      return { name: `${features} features, hidden ${hidden}`, cells: [encoder, decoder, sample, hidden === 16 ? GOAL : undefined], ours: true };
    }),
  );
  return {
    title: "One inference step of the LSTM, in microseconds, one thread",
    notes: [
      "Encoder step: W x + U h + b, the gates, the new state. Decoder step: U h + b, the gates, the new state, and the output row.",
      `A sample: push() of one row, which runs the whole window of ${WINDOW} rows through the encoder and writes the newest rows. Nothing is allocated.`,
      "The fastest of 40 blocks of about a millisecond each: other work on the machine makes blocks slower, never faster.",
    ],
    columns: ["size", "encoder step", "decoder step", "a sample", "goal for a step"],
    rows,
    digits: 2,
    draw: "encoder step",
  };
}

function costs(features: number, hidden: number): { readonly encoder: number; readonly decoder: number; readonly sample: number } {
  const shape = { features, steps: WINDOW, hidden };
  const random = createRandom(1);
  const weights = initialWeights(shape, random);
  const run = createNetworkRun(shape, 1);
  for (let k = 0; k < run.inputs.length; k++) run.inputs[k] = random.normal();
  const encoder = microseconds(() => reconstruct(run, weights, 1, 0)) / WINDOW;
  const both = microseconds(() => reconstruct(run, weights, 1, WINDOW)) / WINDOW;
  const table = noise(8 * WINDOW, features);
  const { plan, finish } = prepareLstm(table, { window: WINDOW, hidden });
  const stream = finish({ weights: initialWeights({ ...shape, features: plan.features }, createRandom(1)), epochs: [] }).stream();
  let row = 0;
  const sample = microseconds(() => {
    stream.push(0, rowOf(table, row));
    row = (row + 1) % table.rows;
  });
  return { encoder, decoder: both - encoder, sample };
}

function noise(rows: number, columns: number): Matrix {
  const random = createRandom(2);
  return matrix(
    rows,
    columns,
    new Float64Array(rows * columns).map(() => random.normal()),
  );
}

function microseconds(work: () => void): number {
  const warm = performance.now();
  let count = 0;
  while (performance.now() - warm < 100) {
    work();
    count++;
  }
  const block = Math.max(1, Math.round(count / 100));
  let fastest = Number.POSITIVE_INFINITY;
  for (let repeat = 0; repeat < 40; repeat++) {
    const began = performance.now();
    for (let index = 0; index < block; index++) work();
    fastest = Math.min(fastest, performance.now() - began);
  }
  return (fastest / block) * 1000;
}
