import { expect, it } from "vitest";
import { InputError } from "../input-error.ts";
import { matrix, rowOf } from "../matrix.ts";
import { createRandom } from "../random.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";
import { toeplitzEigen } from "./toeplitz-eigen.ts";

it.each([1, 2, 3, 4, 9, 24, 51])("finds what the whole matrix of size %i has", (size) => {
  const random = createRandom(size);
  const firstRow = Float64Array.from({ length: size }, (_, lag) => Math.exp(-lag / 5) + 0.3 * random.normal());
  const whole = matrix(size, size);
  for (let row = 0; row < size; row++) for (let column = 0; column < size; column++) rowOf(whole, row)[column] = firstRow[Math.abs(row - column)] as number;
  const expected = symmetricEigen(whole);
  const { values, vectors } = toeplitzEigen(firstRow);
  for (let index = 0; index < size; index++) {
    expect(values[index]).toBeCloseTo(expected.values[index] as number, 10);
    const found = rowOf(vectors, index);
    const along = found.reduce((sum, value, at) => sum + value * (rowOf(expected.vectors, index)[at] as number), 0);
    expect(Math.abs(along)).toBeCloseTo(1, 8);
  }
});

it("refuses what is not finite", () => {
  expect(() => toeplitzEigen(Float64Array.of(1, Number.NaN, 0))).toThrow(InputError);
});
