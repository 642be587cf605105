/** What a detector may have seen before it scores a row. */
import type { Matrix } from "../../src/matrix.ts";
import { matrix } from "../../src/matrix.ts";
import { fitPca, type PcaParams } from "../../src/multivariate/pca.ts";

/** Rows from `first` to before `end`, as a view. */
export function between({ columns, values }: Matrix, first: number, end: number): Matrix {
  return matrix(end - first, columns, values.subarray(first * columns, end * columns));
}

/** Fitted on what was before; then each row is scored and learned in turn. Causal. */
export function afterHistory(history: Matrix, test: Matrix, params?: PcaParams): Float64Array {
  return fitPca(history, params).pushRows(test);
}

/** Fitted on the first `prefix` rows, which get the scores of that fit as in TSB-AD; then each row is scored and learned in turn. Causal after the prefix. */
export function afterPrefix(prefix: number, test: Matrix, params?: PcaParams): Float64Array {
  const granted = between(test, 0, prefix);
  const scores = new Float64Array(test.rows);
  fitPca(granted, { ...params, horizon: 0 }).pushRows(granted, scores);
  fitPca(granted, params).pushRows(between(test, prefix, test.rows), scores.subarray(prefix));
  return scores;
}

/** Fitted on the whole series without its labels, as the published PCA, EIF and IForest are; then scored without learning. Not causal. */
export function ofWholeSeries(test: Matrix, params?: PcaParams): Float64Array {
  return fitPca(test, { ...params, horizon: 0 }).pushRows(test);
}
