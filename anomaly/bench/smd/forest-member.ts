/** Isolation Forest beside the PCA: alone, as an equal, and with the weight of what the covariance does not know yet. */
import { type Matrix, matrix } from "../../src/matrix.ts";
import { fitIsolationForest } from "../../src/multivariate/isolation-forest.ts";
import { follow, timescalesOf, unusual } from "../../src/multivariate/timescales.ts";
import { between } from "./protocols.ts";

/** Rows between two trees that are grown anew, and the rows that they are grown on. */
const REGROW = 288;
const WINDOW = 4096;
/** As the PCA has them. */
const HALF_LIVES = [0, 5, 20];
const DEPENDENCE = 60;
const HORIZON = 40_320;

/** Scores of a forest whose splits weigh half of the metrics (made servers: as good as fewer or all), fitted on the first `known` rows, for the rows from `from` on; causal, one tree grown anew now and then. */
export function forestScores(rows: Matrix, known: number, from: number): Float64Array {
  const forest = fitIsolationForest(between(rows, 0, known), { extension: rows.columns >> 1, seed: 1 });
  const timescales = timescalesOf(forest.score(between(rows, 0, known)), HALF_LIVES, 1e-3);
  return Float64Array.from({ length: rows.rows - from }, (_, index) => {
    const row = from + index;
    if (row > known && row % REGROW === 0) forest.update(between(rows, Math.max(0, row - WINDOW), row));
    follow(timescales, forest.scoreOne(rows.values, row * rows.columns));
    return unusual(timescales);
  });
}

/** One table of rows after the other. */
export function joined(first: Matrix, second: Matrix): Matrix {
  const values = new Float64Array(first.values.length + second.values.length);
  values.set(first.values);
  values.set(second.values, first.values.length);
  return matrix(first.rows + second.rows, first.columns, values);
}

/** `known` rows were learned before the first score. */
export function blended(pca: Float64Array, forest: Float64Array, columns: number, known: number, weights: "equal" | "by knowledge"): Float64Array {
  return pca.map((score, row) => {
    const open = weights === "equal" ? 0.5 : columns / (columns + Math.min(known + row, HORIZON) / DEPENDENCE);
    return (1 - open) * score + open * (forest[row] as number);
  });
}
