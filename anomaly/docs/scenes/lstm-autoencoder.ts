/** Each metric stays in its range: what belongs together, in time and among metrics, no longer does. */
import { createRandom, fitLstmAutoencoder, type Matrix, matrix, rowOf } from "../../src/index.ts";
import type { Scene } from "../chart.ts";

const FEATURES = ["requests", "cpu", "queue"] as const;
const STILL = [120, 159] as const;
const CROSSED = [260, 299] as const;

/** Requests come and go, CPU follows them, the queue follows a few samples later. */
function service(rows: number, seed: number): Matrix {
  const random = createRandom(seed);
  const table = matrix(rows, FEATURES.length);
  for (let row = 0; row < rows; row++) {
    const requests = (at: number): number => 100 + 40 * Math.sin(at / 6) + 15 * Math.sin(at / 17);
    table.values.set(
      [requests(row) + 4 * random.normal(), 0.02 * requests(row) + 0.1 * random.normal(), 0.1 * requests(row - 4) + 0.4 * random.normal()],
      row * 3,
    );
  }
  return table;
}

export function lstmAutoencoderScene(): Scene {
  const model = fitLstmAutoencoder(service(2400, 1), { window: 24, recent: 8, hidden: 12, learningRate: 0.01 });
  const test = service(420, 2);
  const column = (feature: number): Float64Array => Float64Array.from({ length: test.rows }, (_, row) => test.values[row * 3 + feature] as number);
  for (let row = STILL[0]; row <= STILL[1]; row++) test.values[row * 3 + 2] = 10 + 0.02 * (row % 3);
  const mirrored = column(1).map((value) => 4 - value);
  for (let row = CROSSED[0]; row <= CROSSED[1]; row++) test.values[row * 3 + 1] = mirrored[row] as number;
  const { scores, contributions } = model.score(test);
  const shares = (from: number, to: number): { name: string; value: number }[] =>
    FEATURES.map((name, feature) => {
      let sum = 0;
      for (let row = from; row <= to; row++) sum += rowOf(contributions, row)[feature] as number;
      return { name, value: sum / (to - from + 1) };
    });
  return {
    name: "lstm-autoencoder",
    title: "A queue that stands still at its usual length, then CPU that falls where requests rise",
    truth: [STILL, CROSSED],
    sample: "15 s",
    panels: [
      { title: "requests a second", lines: [{ label: "requests", values: column(0) }] },
      { title: "CPU, cores", lines: [{ label: "cpu", values: column(1) }] },
      { title: "queue", lines: [{ label: "queue", values: column(2) }] },
      { title: "score", lines: [{ label: "autoencoder", values: scores }], level: { label: "usual", value: 1 } },
      { title: "contributions while the queue stands still", lines: [], bars: shares(...STILL) },
      { title: "contributions while CPU goes the other way", lines: [], bars: shares(...CROSSED) },
    ],
  };
}
