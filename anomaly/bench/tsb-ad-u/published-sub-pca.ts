/** TSB-AD's own Sub-PCA, step by step: what the published row is made of. Not a part of the library: its weights are the inverse of eigenvalues that may be rounding noise. */
import { matrix, symmetricEigen } from "../../src/index.ts";

/** Windows standardised per column; a window scores the sum over all components of its distance to the unit component, divided by the component's share of variance. */
export function publishedSubPca(series: Float64Array, window: number): Float64Array {
  const count = series.length - window + 1;
  const columns = Array.from({ length: window }, (_, column) => standardised(series.subarray(column, column + count)));
  const covariance = matrix(window, window);
  columns.forEach((a, row) => {
    columns.forEach((b, column) => {
      if (column < row) return;
      let sum = 0;
      for (let index = 0; index < count; index++) sum += (a[index] as number) * (b[index] as number);
      covariance.values[row * window + column] = sum / (count - 1);
    });
  });
  const { values, vectors } = symmetricEigen(covariance);
  const total = values.reduce((sum, value) => sum + value, 0);
  const scores = new Float64Array(count);
  const shape = new Float64Array(window);
  for (let start = 0; start < count; start++) {
    let square = 0;
    for (let column = 0; column < window; column++) {
      const value = (columns[column] as Float64Array)[start] as number;
      shape[column] = value;
      square += value * value;
    }
    for (let component = 0; component < window; component++) {
      let along = 0;
      for (let column = 0; column < window; column++) along += (shape[column] as number) * (vectors.values[component * window + column] as number);
      scores[start] =
        (scores[start] as number) + (Math.sqrt(Math.max(square + 1 - 2 * along, 0)) * total) / Math.max(values[component] as number, total * Number.EPSILON);
    }
  }
  // A window's score stands at its middle; the ends repeat the first and the last.
  const before = Math.ceil((window - 1) / 2);
  return series.map((_, index) => scores[Math.min(Math.max(index - before, 0), count - 1)] as number);
}

function standardised(values: Float64Array): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  return values.map((value) => (deviation === 0 ? 0 : (value - mean) / deviation));
}
