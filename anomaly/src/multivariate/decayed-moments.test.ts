import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Matrix, matrix, matrixOfRows, rowOf } from "../matrix.ts";
import { createRandom } from "../random.ts";
import { decay, type Moments, momentsOf, shrunkInverse } from "./decayed-moments.ts";

function samples(rows: number, columns: number, seed: number): Matrix {
  const random = createRandom(seed);
  return matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => random.normal()),
  );
}

const copyOf = ({ mean, covariance }: Moments): Moments => ({ mean: mean.slice(), covariance: covariance.slice() });

describe("moments", () => {
  test("learned row by row, each weighing the same, are those of all rows at once", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 40 }), fc.integer({ min: 1, max: 6 }), fc.integer(), (count, columns, seed) => {
        const rows = samples(count, columns, seed);
        const streamed = copyOf(momentsOf(matrix(1, columns, rows.values.slice(0, columns))));
        for (let row = 1; row < count; row++) decay(streamed, rowOf(rows, row), 1 / (row + 1), new Float64Array(columns));
        const whole = momentsOf(rows);
        whole.mean.forEach((value, index) => {
          expect(streamed.mean[index]).toBeCloseTo(value, 10);
        });
        whole.covariance.forEach((value, index) => {
          expect(streamed.covariance[index]).toBeCloseTo(value, 10);
        });
      }),
    );
  });

  test("of rows with gaps are over what is there, and a gap leaves what was known", () => {
    const rows = matrixOfRows([
      [1, 10],
      [3, Number.NaN],
      [5, 30],
    ]);
    const moments = momentsOf(rows);
    expect([...moments.mean]).toEqual([3, 20]);
    expect(moments.covariance[0]).toBeCloseTo(8 / 3, 12);
    expect(moments.covariance[1]).toBeCloseTo(20, 12);
    expect(moments.covariance[3]).toBeCloseTo(100, 12);
    const before = copyOf(moments);
    decay(moments, Float64Array.of(7, Number.NaN), 0.1, new Float64Array(2));
    expect(moments.mean[0]).toBeCloseTo(3.4, 12);
    expect([moments.mean[1], moments.covariance[1], moments.covariance[3]]).toEqual([before.mean[1], before.covariance[1], before.covariance[3]]);
  });
});

describe("the shrunk inverse", () => {
  test("undoes the shrunk covariance, and is the sum of its major and its minor part", () => {
    const columns = 5;
    const moments = momentsOf(samples(40, columns, 3));
    const [both, major, minor] = (["both", "major", "minor"] as const).map((subspace) => {
      const into = new Float64Array(columns * columns);
      shrunkInverse(moments, 10, subspace, into);
      return into;
    });
    const shrink = columns / (columns + 10);
    for (let i = 0; i < columns; i++)
      for (let j = 0; j < columns; j++) {
        expect(major![i * columns + j]! + minor![i * columns + j]!).toBeCloseTo(both![i * columns + j]!, 10);
        let product = 0;
        for (let k = 0; k < columns; k++) {
          const covariance = moments.covariance[Math.min(i, k) * columns + Math.max(i, k)]!;
          product += ((1 - shrink) * covariance + (i === k ? shrink : 0)) * both![k * columns + j]!;
        }
        expect(product).toBeCloseTo(i === j ? 1 : 0, 10);
      }
  });

  test("of what is not known at all is the unit: metrics count alike and apart", () => {
    const into = new Float64Array(4);
    shrunkInverse(momentsOf(matrixOfRows([[1, 1], [9, 9]])), 0, "both", into); // biome-ignore format: rows of a matrix
    into.forEach((value, index) => {
      expect(value).toBeCloseTo(index % 3 === 0 ? 1 : 0, 12);
    });
  });
});
