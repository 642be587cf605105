/** Three metrics that follow one load, and one that does not; first two leave each other within their range, then one leaves its range. */
import { createRandom, fitPca, type Matrix, matrix, rowOf } from "../../src/index.ts";
import type { Scene } from "../chart.ts";

const HISTORY = 7 * 1440;
const SHOWN = 720;
const PARTED: readonly [number, number] = [200, 230];
const FAR: readonly [number, number] = [500, 520];
const METRICS = ["requests", "CPU", "latency", "queue"];

export function pcaScene(): Scene {
  const all = service();
  const shown = matrix(SHOWN, METRICS.length, all.values.subarray(HISTORY * METRICS.length));
  for (let row = PARTED[0]; row <= PARTED[1]; row++) {
    const vector = rowOf(shown, row);
    vector[0] = 0.8 * (vector[0] as number);
    vector[1] = 1.25 * (vector[1] as number);
  }
  for (let row = FAR[0]; row <= FAR[1]; row++) rowOf(shown, row)[3] = 15;
  const pca = fitPca(matrix(HISTORY, METRICS.length, all.values.subarray(0, HISTORY * METRICS.length)));
  const shares = pca.contributions(shown.values, PARTED[0] * METRICS.length);
  const scores = pca.pushRows(shown);
  const lines = METRICS.map((label, column) => ({ label, values: Float64Array.from({ length: SHOWN }, (_, row) => shown.values[row * 4 + column] as number) }));
  return {
    name: "pca",
    title: "PCA of an owner's metrics: they leave each other, then one leaves its range",
    truth: [PARTED, FAR],
    sample: "1 min",
    panels: [
      { title: "four metrics of a service", lines },
      { title: "score, causal, after a week of history", lines: [{ label: "score", values: scores, colour: "purple" }], level: { label: "3", value: 3 } },
      { title: "who made the first: contributions to its distance", lines: [], bars: METRICS.map((name, index) => ({ name, value: shares[index] as number })) },
    ],
  };
}

function service(): Matrix {
  const random = createRandom(5);
  const rows = matrix(HISTORY + SHOWN, METRICS.length);
  for (let row = 0; row < rows.rows; row++) {
    const load = 3 + Math.sin((2 * Math.PI * row) / 1440) + 0.1 * random.normal();
    rowOf(rows, row).set([10 * load + 0.3 * random.normal(), 7 * load + 0.3 * random.normal(), 20 + 5 * load + random.normal(), 5 + random.normal()]);
  }
  return rows;
}
