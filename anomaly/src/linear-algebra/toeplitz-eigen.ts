/** Eigenvalues of the covariance of windows of a series: a matrix that is the same read from both ends falls into two of half the size, at a quarter of the cost. */
import { type Matrix, matrix, rowOf } from "../matrix.ts";
import { type SymmetricEigen, symmetricEigen } from "./symmetric-eigen.ts";

/**
 * The eigenvalues and eigenvectors of the symmetric Toeplitz matrix with the given first row, largest first: as `symmetricEigen` of the whole matrix, but for the sign of a vector.
 * Each eigenvector reads the same from both ends, or the same with the other sign (A. Cantoni and P. Butler, "Eigenvalues and Eigenvectors of Symmetric Centrosymmetric Matrices", 1976).
 * Throws InputError where a value is not finite.
 */
export function toeplitzEigen(firstRow: Float64Array): SymmetricEigen {
  const size = firstRow.length;
  const even = symmetricEigen(half(firstRow, 1));
  const odd = symmetricEigen(half(firstRow, -1));
  const values = new Float64Array(size);
  const vectors = matrix(size, size);
  let nextEven = 0;
  let nextOdd = 0;
  for (let index = 0; index < size; index++) {
    const fromEven = (even.values[nextEven] ?? Number.NEGATIVE_INFINITY) >= (odd.values[nextOdd] ?? Number.NEGATIVE_INFINITY);
    values[index] = (fromEven ? even.values[nextEven] : odd.values[nextOdd]) as number;
    unfold(fromEven ? rowOf(even.vectors, nextEven++) : rowOf(odd.vectors, nextOdd++), rowOf(vectors, index), fromEven ? 1 : -1);
  }
  return { values, vectors };
}

/** The first half of the matrix on vectors whose second half mirrors the first, with `sign`; a middle element is its own mirror, and 0 where the sign is -1. */
function half(firstRow: Float64Array, sign: 1 | -1): Matrix {
  const size = firstRow.length;
  const pairs = size >> 1;
  const middle = size % 2 === 1 && sign === 1;
  const folded = matrix(pairs + (middle ? 1 : 0), pairs + (middle ? 1 : 0));
  for (let row = 0; row < pairs; row++) {
    const into = rowOf(folded, row);
    for (let column = 0; column < pairs; column++)
      into[column] = (firstRow[Math.abs(row - column)] as number) + sign * (firstRow[size - 1 - row - column] as number);
    if (middle) into[pairs] = Math.SQRT2 * (firstRow[pairs - row] as number);
  }
  // Only the upper triangle is read.
  if (middle) rowOf(folded, pairs)[pairs] = firstRow[0] as number;
  return folded;
}

function unfold(folded: Float64Array, into: Float64Array, sign: 1 | -1): void {
  const size = into.length;
  const pairs = size >> 1;
  for (let index = 0; index < pairs; index++) {
    const value = (folded[index] as number) * Math.SQRT1_2;
    into[index] = value;
    into[size - 1 - index] = sign * value;
  }
  if (folded.length > pairs) into[pairs] = folded[pairs] as number;
}
