import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Matrix, matrix, matrixOfRows, rowOf } from "../matrix.ts";
import { createRandom } from "../random.ts";
import reference from "./fixtures/symmetric-eigen.json" with { type: "json" };
import { symmetricEigen } from "./symmetric-eigen.ts";

function times({ rows, columns, values }: Matrix, vector: Float64Array): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => {
    let sum = 0;
    for (let column = 0; column < columns; column++) sum += values[row * columns + column]! * vector[column]!;
    return sum;
  });
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, index) => sum + value * b[index]!, 0);

/** How far A v is from lambda v, and how far the rows are from orthonormal: the largest of all entries. */
function errorsOf(symmetric: Matrix): { readonly pairs: number; readonly axes: number } {
  const { values, vectors } = symmetricEigen(symmetric);
  let pairs = 0;
  let axes = 0;
  for (let row = 0; row < symmetric.rows; row++) {
    const vector = rowOf(vectors, row);
    times(symmetric, vector).forEach((image, index) => {
      pairs = Math.max(pairs, Math.abs(image - values[row]! * vector[index]!));
    });
    for (let other = 0; other < symmetric.rows; other++) axes = Math.max(axes, Math.abs(dot(vector, rowOf(vectors, other)) - (row === other ? 1 : 0)));
  }
  return { pairs, axes };
}

function symmetricOf(size: number, seed: number): Matrix {
  const random = createRandom(seed);
  const result = matrix(size, size);
  for (let row = 0; row < size; row++)
    for (let column = row; column < size; column++) {
      const value = random.normal();
      result.values[row * size + column] = value;
      result.values[column * size + row] = value;
    }
  return result;
}

describe("the eigenvalues of a symmetric matrix", () => {
  test.each(reference.cases)("are those of numpy: $name", ({ matrix: rows, values: expected, leadingProjector }) => {
    const { values, vectors } = symmetricEigen(matrixOfRows(rows));
    const largest = Math.max(...expected.map(Math.abs));
    expected.forEach((value, index) => {
      expect(Math.abs(values[index]! - value)).toBeLessThan(1e-13 * largest);
    });
    leadingProjector.forEach((row, i) => {
      row.forEach((entry, j) => {
        let ours = 0;
        for (let k = 0; k < 3; k++) ours += rowOf(vectors, k)[i]! * rowOf(vectors, k)[j]!;
        expect(Math.abs(ours - entry)).toBeLessThan(1e-10);
      });
    });
  });

  test("come with orthonormal vectors that the matrix only stretches, whatever the size", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer(), (size, seed) => {
        const { pairs, axes } = errorsOf(symmetricOf(size, seed));
        expect(pairs).toBeLessThan(1e-12);
        expect(axes).toBeLessThan(1e-12);
      }),
      { numRuns: 40 },
    );
  });

  test("stay exact at 200 metrics", () => {
    const { pairs, axes } = errorsOf(symmetricOf(200, 1));
    expect(pairs).toBeLessThan(1e-11);
    expect(axes).toBeLessThan(1e-12);
  });

  test("scale with the matrix, from the smallest numbers to the largest", () => {
    const plain = symmetricOf(9, 3);
    for (const factor of [1e-300, 1e-20, 1e20, 1e300]) {
      const { values, vectors } = symmetricEigen({ ...plain, values: plain.values.map((value) => value * factor) });
      const expected = symmetricEigen(plain);
      values.forEach((value, index) => {
        expect(value / factor).toBeCloseTo(expected.values[index]!, 10);
      });
      vectors.values.forEach((value, index) => {
        expect(value).toBeCloseTo(expected.vectors.values[index]!, 10);
      });
    }
  });

  test("fall from the largest to the smallest, and each vector's largest entry is positive", () => {
    const { values, vectors } = symmetricEigen(symmetricOf(20, 5));
    expect([...values]).toEqual([...values].sort((a, b) => b - a));
    for (let row = 0; row < 20; row++) {
      const vector = rowOf(vectors, row);
      expect(Math.max(...vector)).toBe(Math.max(...vector.map(Math.abs)));
    }
  });

  test("of a diagonal matrix are its diagonal, of zeros zero, of one number that number, of nothing nothing", () => {
    const diagonal = symmetricEigen(matrixOfRows([[1, 0, 0], [0, 3, 0], [0, 0, 2]])); // biome-ignore format: rows of a matrix
    expect([...diagonal.values]).toEqual([3, 2, 1]);
    expect([...diagonal.vectors.values]).toEqual([0, 1, 0, 0, 0, 1, 1, 0, 0]);
    expect([...symmetricEigen(matrix(4, 4)).values]).toEqual([0, 0, 0, 0]);
    expect([...symmetricEigen(matrixOfRows([[-7]])).values]).toEqual([-7]);
    expect(symmetricEigen(matrix(0, 0)).values).toHaveLength(0);
  });

  test("leave the matrix as it was, and read its upper triangle alone", () => {
    const upper = matrixOfRows([
      [2, 1],
      [99, 2],
    ]);
    const { values } = symmetricEigen(upper);
    expect(values[0]).toBeCloseTo(3, 14);
    expect(values[1]).toBeCloseTo(1, 14);
    expect([...upper.values]).toEqual([2, 1, 99, 2]);
  });

  test("do not exist for a matrix that is not square, or holds what is no number", () => {
    expect(() => symmetricEigen(matrix(2, 3))).toThrow("2 rows and 3 columns");
    expect(() => symmetricEigen(matrixOfRows([[1, 2], [2, Number.NaN]]))).toThrow("row 1, column 1 is NaN"); // biome-ignore format: rows of a matrix
    expect(() => symmetricEigen(matrixOfRows([[Number.POSITIVE_INFINITY]]))).toThrow("row 0, column 0 is Infinity");
  });
});
