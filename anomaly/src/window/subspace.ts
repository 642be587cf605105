/** The few shapes that windows of a series are made of, and how far a window lies from what they can make. */
import { toeplitzEigen } from "../linear-algebra/toeplitz-eigen.ts";
import { type Matrix, matrix } from "../matrix.ts";

/**
 * Probabilistic PCA (M. Tipping and C. Bishop, 1999) with its covariance shrunk towards a multiple of the identity (O. Ledoit and M. Wolf, 2004):
 * leading axes with a variance each, one variance for all other directions.
 */
export interface Subspace {
  /** One unit vector of window length per row. */
  readonly axes: Matrix;
  /** Per axis what its squared coordinate weighs less than in the other directions: 1 / noise - 1 / variance. */
  readonly discounts: Float64Array;
  /** Variance in the other directions, in the square of the unit; 0 where the series never moved. */
  readonly noise: number;
  /** Squared distance that a window of the same covariance has on average. */
  readonly usual: number;
}

/** How often the mean variance of what is left an axis must have to be kept: those of noise differ by chance alone, and would cost as much as real ones. */
const WORTH = 2;

/**
 * `covariance`: autocovariance at lags 0 to window - 1, so that the covariance of windows is its Toeplitz matrix.
 * Keeps axes until they hold `share` of the variance, or are no more than noise; adds `ridge` mean variances to each direction. O(window^3).
 */
export function subspaceOf(covariance: Float64Array, share: number, ridge: number): Subspace {
  const size = covariance.length;
  const { values, vectors } = toeplitzEigen(covariance);
  // A decayed sum is not quite positive definite.
  const variances = values.map((value) => Math.max(value, 0));
  const total = variances.reduce((sum, value) => sum + value, 0);
  let kept = 0;
  let held = 0;
  while (kept < size && held < share * total && (variances[kept] as number) > (WORTH * (total - held)) / (size - kept)) held += variances[kept++] as number;
  const rest = kept < size ? Math.max(total - held, 0) / (size - kept) : 0;
  const floor = (ridge * total) / size;
  const noise = rest + floor;
  const discounts = new Float64Array(kept);
  let usual = noise === 0 ? 0 : ((size - kept) * rest) / noise;
  for (let axis = 0; axis < kept; axis++) {
    const variance = variances[axis] as number;
    discounts[axis] = 1 / noise - 1 / (variance + floor);
    usual += variance / (variance + floor);
  }
  return { axes: matrix(kept, size, vectors.values.slice(0, kept * size)), discounts, noise, usual };
}

/** Squared Mahalanobis distance of the window at `values[start ... start + axes.columns - 1]` from `mean` in each sample. O(axes x window), nothing allocated. */
export function squaredDistance({ axes, discounts, noise }: Subspace, values: Float64Array, start: number, mean: number): number {
  const size = axes.columns;
  const loadings = axes.values;
  let distance = 0;
  for (let index = 0; index < size; index++) {
    const deviation = (values[start + index] as number) - mean;
    distance += deviation * deviation;
  }
  if (distance === 0) return 0;
  distance /= noise;
  for (let axis = 0; axis < discounts.length; axis++) {
    const row = axis * size;
    let coordinate = 0;
    for (let index = 0; index < size; index++) coordinate += (loadings[row + index] as number) * ((values[start + index] as number) - mean);
    distance -= coordinate * coordinate * (discounts[axis] as number);
  }
  return Math.max(distance, 0);
}
