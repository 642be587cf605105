/** Eigenvalues and eigenvectors of a symmetric matrix: the axes of a covariance. */
import { InputError } from "../input-error.ts";
import { type Matrix, matrix } from "../matrix.ts";

/** Axes of a symmetric matrix, and how far it stretches each. */
export interface SymmetricEigen {
  /** The eigenvalues, largest first. */
  readonly values: Float64Array;
  /** Row `i` is the unit eigenvector of `values[i]`; its entry of largest magnitude is positive, so that the sign is the same on any machine. */
  readonly vectors: Matrix;
}

const EPSILON = Number.EPSILON;
/** The square of anything smaller may underflow: in a matrix scaled to 1 it is zero. */
const NEGLIGIBLE = 1e-150;
/** EISPACK allows 30 for one eigenvalue; about two are needed. */
const MOST_ITERATIONS = 60;

/**
 * A = V' diag(values) V with the eigenvectors as rows of V, in O(n^3): A. Householder's reflections make it tridiagonal, then the implicit QL iteration
 * (EISPACK's imtql2: R. Martin and J. Wilkinson, "The Implicit QL Algorithm", 1968). All inner loops run along rows.
 * Reads the upper triangle of `symmetric` and leaves it as it is. Throws InputError where it is not square, or a number, or as many of it as there are rows, is not finite.
 */
export function symmetricEigen(symmetric: Matrix): SymmetricEigen {
  const size = symmetric.rows;
  const scale = largestMagnitude(symmetric);
  const work = mirrored(symmetric, scale === 0 ? 1 : scale);
  const diagonal = new Float64Array(size);
  const off = new Float64Array(size);
  const scales = new Float64Array(size);
  tridiagonalise(work, size, diagonal, off, scales);
  accumulate(work, size, scales);
  implicitQl(work, size, diagonal, off);
  return sorted(work, size, diagonal, scale);
}

function largestMagnitude({ rows, columns, values }: Matrix): number {
  if (rows !== columns) throw new InputError(`a matrix of ${rows} rows and ${columns} columns has no eigenvalues: give a square, symmetric one`);
  let largest = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = row; column < columns; column++) {
      const value = values[row * columns + column] as number;
      if (!Number.isFinite(value * rows)) throw new InputError(`row ${row}, column ${column} is ${value}: give finite numbers, whose sum over a row is one`);
      if (Math.abs(value) > largest) largest = Math.abs(value);
    }
  }
  return largest;
}

/** A copy divided by `scale`, its lower triangle taken from the upper. */
function mirrored({ rows, values }: Matrix, scale: number): Float64Array {
  const copy = new Float64Array(rows * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = row; column < rows; column++) {
      const value = (values[row * rows + column] as number) / scale;
      copy[row * rows + column] = value;
      copy[column * rows + row] = value;
    }
  }
  return copy;
}

/**
 * Reflection k, I - scales[k] v v', clears row k right of the diagonal but one; v stays in that row, from column k + 1 on.
 * Leaves the diagonal, and in `off[k]` the element between k and k + 1.
 */
function tridiagonalise(work: Float64Array, size: number, diagonal: Float64Array, off: Float64Array, scales: Float64Array): void {
  const image = new Float64Array(size);
  for (let k = 0; k < size; k++) {
    const base = k * size;
    diagonal[k] = work[base + k] as number;
    if (k + 1 >= size) break;
    const first = work[base + k + 1] as number;
    let tail = 0;
    for (let j = k + 2; j < size; j++) tail += (work[base + j] as number) * (work[base + j] as number);
    off[k] = first;
    if (tail <= NEGLIGIBLE * NEGLIGIBLE) continue;
    const norm = Math.sqrt(first * first + tail);
    const head = first >= 0 ? first + norm : first - norm;
    off[k] = first >= 0 ? -norm : norm;
    work[base + k + 1] = head;
    const beta = 2 / (head * head + tail);
    scales[k] = beta;
    reflectBothSides(work, size, k, beta, image);
  }
}

/** B <- H B H for the block B below and right of k: with p = beta B v and w = p - (beta/2)(p.v) v it is B - v w' - w v'. */
function reflectBothSides(work: Float64Array, size: number, k: number, beta: number, image: Float64Array): void {
  const base = k * size;
  let along = 0;
  for (let i = k + 1; i < size; i++) {
    const row = i * size;
    let sum = 0;
    for (let j = k + 1; j < size; j++) sum += (work[row + j] as number) * (work[base + j] as number);
    image[i] = beta * sum;
    along += beta * sum * (work[base + i] as number);
  }
  const half = (beta / 2) * along;
  for (let i = k + 1; i < size; i++) image[i] = (image[i] as number) - half * (work[base + i] as number);
  for (let i = k + 1; i < size; i++) {
    const row = i * size;
    const v = work[base + i] as number;
    const w = image[i] as number;
    for (let j = k + 1; j < size; j++) work[row + j] = (work[row + j] as number) - v * (image[j] as number) - w * (work[base + j] as number);
  }
}

/** Replaces the reflections by their product, transposed, from the last to the first: each works on the block that the later ones filled. */
function accumulate(work: Float64Array, size: number, scales: Float64Array): void {
  const reflection = new Float64Array(size);
  for (let k = size - 1; k >= 0; k--) {
    const beta = scales[k] as number;
    const base = k * size;
    for (let j = k + 1; j < size; j++) {
      reflection[j] = work[base + j] as number;
      work[base + j] = 0;
      work[j * size + k] = 0;
    }
    work[base + k] = 1;
    if (beta === 0) continue;
    for (let i = k + 1; i < size; i++) {
      const row = i * size;
      let sum = 0;
      for (let j = k + 1; j < size; j++) sum += (work[row + j] as number) * (reflection[j] as number);
      sum *= beta;
      for (let j = k + 1; j < size; j++) work[row + j] = (work[row + j] as number) - sum * (reflection[j] as number);
    }
  }
}

/** Turns `diagonal` into eigenvalues and the rows of `work` into eigenvectors. */
function implicitQl(work: Float64Array, size: number, diagonal: Float64Array, off: Float64Array): void {
  for (let low = 0; low < size; low++) {
    for (let iteration = 0; ; iteration++) {
      let high = low;
      while (high < size - 1) {
        const neighbours = Math.abs(diagonal[high] as number) + Math.abs(diagonal[high + 1] as number);
        if (Math.abs(off[high] as number) <= EPSILON * neighbours + NEGLIGIBLE) break;
        high++;
      }
      if (high === low) break;
      if (iteration === MOST_ITERATIONS) throw new InputError(`eigenvalue ${low} of ${size} did not converge in ${MOST_ITERATIONS} iterations`);
      sweep(work, size, diagonal, off, low, high);
    }
  }
}

/** One implicit step with Wilkinson's shift on the block from `low` to `high`. */
function sweep(work: Float64Array, size: number, diagonal: Float64Array, off: Float64Array, low: number, high: number): void {
  const between = off[low] as number;
  const start = diagonal[low] as number;
  const ratio = ((diagonal[low + 1] as number) - start) / (2 * between);
  const root = Math.sqrt(ratio * ratio + 1);
  let g = (diagonal[high] as number) - start + between / (ratio + (ratio >= 0 ? root : -root));
  let sine = 1;
  let cosine = 1;
  let shift = 0;
  for (let i = high - 1; i >= low; i--) {
    const f = sine * (off[i] as number);
    const b = cosine * (off[i] as number);
    const length = Math.sqrt(f * f + g * g);
    off[i + 1] = length;
    if (length === 0) {
      diagonal[i + 1] = (diagonal[i + 1] as number) - shift;
      off[high] = 0;
      return;
    }
    sine = f / length;
    cosine = g / length;
    g = (diagonal[i + 1] as number) - shift;
    const step = ((diagonal[i] as number) - g) * sine + 2 * cosine * b;
    shift = sine * step;
    diagonal[i + 1] = g + shift;
    g = cosine * step - b;
    rotateRows(work, size, i, sine, cosine);
  }
  diagonal[low] = (diagonal[low] as number) - shift;
  off[low] = g;
  off[high] = 0;
}

function rotateRows(work: Float64Array, size: number, row: number, sine: number, cosine: number): void {
  const upper = row * size;
  const lower = upper + size;
  for (let j = 0; j < size; j++) {
    const above = work[upper + j] as number;
    const below = work[lower + j] as number;
    work[lower + j] = sine * above + cosine * below;
    work[upper + j] = cosine * above - sine * below;
  }
}

function sorted(work: Float64Array, size: number, diagonal: Float64Array, scale: number): SymmetricEigen {
  const order = Array.from(diagonal.keys()).sort((a, b) => (diagonal[b] as number) - (diagonal[a] as number));
  const vectors = matrix(size, size);
  const values = new Float64Array(size);
  order.forEach((from, to) => {
    values[to] = (diagonal[from] as number) * scale;
    const row = work.subarray(from * size, (from + 1) * size);
    let largest = 0;
    for (const entry of row) if (Math.abs(entry) > Math.abs(largest)) largest = entry;
    const sign = largest < 0 ? -1 : 1;
    for (let j = 0; j < size; j++) vectors.values[to * size + j] = sign * (row[j] as number);
  });
  return { values, vectors };
}
