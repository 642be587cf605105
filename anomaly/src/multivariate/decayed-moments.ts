/** Mean and covariance of a stream of vectors that forgets, and the inverse of that covariance, shrunk as far as it is not known yet. */
import { symmetricEigen } from "../linear-algebra/symmetric-eigen.ts";
import { type Matrix, matrix } from "../matrix.ts";

export interface Moments {
  readonly mean: Float64Array;
  /** Row by row; only the upper triangle is kept. */
  readonly covariance: Float64Array;
}

/** Which directions count: those in which the history varies, those in which it hardly does, or both. */
export type Subspace = "both" | "major" | "minor";

/** The leading directions that together hold this share of the variance are the major ones (I. Jolliffe, "Principal Component Analysis", section 6.1.1: 70 to 90 %). */
const MAJOR_SHARE = 0.9;

/** Of rows that may have gaps (NaN): each entry over the rows that have both metrics. */
export function momentsOf(rows: Matrix): Moments {
  const { columns, values } = rows;
  const mean = new Float64Array(columns);
  const present = new Float64Array(columns);
  values.forEach((value, index) => {
    if (Number.isNaN(value)) return;
    const column = index % columns;
    present[column] = (present[column] as number) + 1;
    mean[column] = (mean[column] as number) + value;
  });
  for (let column = 0; column < columns; column++) mean[column] = (mean[column] as number) / Math.max(present[column] as number, 1);
  const covariance = new Float64Array(columns * columns);
  const pairs = new Float64Array(columns * columns);
  for (let at = 0; at < values.length; at += columns)
    for (let i = 0; i < columns; i++) {
      const left = (values[at + i] as number) - (mean[i] as number);
      if (Number.isNaN(left)) continue;
      for (let j = i; j < columns; j++) {
        const product = left * ((values[at + j] as number) - (mean[j] as number));
        if (Number.isNaN(product)) continue;
        covariance[i * columns + j] = (covariance[i * columns + j] as number) + product;
        pairs[i * columns + j] = (pairs[i * columns + j] as number) + 1;
      }
    }
  for (let at = 0; at < covariance.length; at++) covariance[at] = (covariance[at] as number) / Math.max(pairs[at] as number, 1);
  return { mean, covariance };
}

/**
 * Moves both a share `weight` towards one vector: mean += w d, covariance = (1 - w)(covariance + w d d') with d its distance from the old mean.
 * Metrics that the vector lacks (NaN) keep theirs. `distance` is room for d.
 */
export function decay({ mean, covariance }: Moments, vector: Float64Array, weight: number, distance: Float64Array): void {
  const columns = mean.length;
  const kept = 1 - weight;
  for (let i = 0; i < columns; i++) {
    const from = (vector[i] as number) - (mean[i] as number);
    distance[i] = from;
    if (!Number.isNaN(from)) mean[i] = (mean[i] as number) + weight * from;
  }
  for (let i = 0; i < columns; i++) {
    const left = (distance[i] as number) * weight;
    if (Number.isNaN(left)) continue;
    const row = i * columns;
    for (let j = i; j < columns; j++) {
      const right = distance[j] as number;
      if (!Number.isNaN(right)) covariance[row + j] = kept * ((covariance[row + j] as number) + left * right);
    }
  }
}

/**
 * Writes the inverse of (1 - s) covariance + s I to `into`. The share s = columns / (columns + independent) is what a covariance of so many independent vectors leaves open
 * (the form of O. Ledoit and M. Wolf, "A well-conditioned estimator for large-dimensional covariance matrices", 2004, with the unit as target: a robust score has it by construction).
 */
export function shrunkInverse({ mean, covariance }: Moments, independent: number, subspace: Subspace, into: Float64Array): void {
  const columns = mean.length;
  const { values, vectors } = symmetricEigen(matrix(columns, columns, covariance));
  const shrink = columns / (columns + independent);
  const major = majorOf(values);
  into.fill(0);
  for (let axis = 0; axis < columns; axis++) {
    if ((subspace === "major" && axis >= major) || (subspace === "minor" && axis < major)) continue;
    // Gaps can leave a covariance that no complete rows have: an eigenvalue below zero is zero.
    const weight = 1 / ((1 - shrink) * Math.max(values[axis] as number, 0) + shrink);
    const row = axis * columns;
    for (let i = 0; i < columns; i++) {
      const scaled = weight * (vectors.values[row + i] as number);
      for (let j = i; j < columns; j++) into[i * columns + j] = (into[i * columns + j] as number) + scaled * (vectors.values[row + j] as number);
    }
  }
  for (let i = 0; i < columns; i++) for (let j = 0; j < i; j++) into[i * columns + j] = into[j * columns + i] as number;
}

function majorOf(values: Float64Array): number {
  const total = values.reduce((sum, value) => sum + Math.max(value, 0), 0);
  let held = 0;
  let count = 0;
  while (count < values.length && held < MAJOR_SHARE * total) held += Math.max(values[count++] as number, 0);
  return count;
}
