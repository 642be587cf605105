import { expect, it } from "vitest";
import { InputError } from "./input-error.ts";
import { matrix, matrixOfRows, rowOf } from "./matrix.ts";

it("keeps rows one after the other", () => {
  const table = matrixOfRows([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  expect([...table.values]).toEqual([1, 2, 3, 4, 5, 6]);
  expect([...rowOf(table, 1)]).toEqual([4, 5, 6]);
});

it("says which row is too short", () => {
  expect(() => matrixOfRows([[1, 2], [3]])).toThrow(
    new InputError("row 1 has 1 values, row 0 has 2: give each row one value per column, NaN where it is missing"),
  );
});

it("refuses values that do not fill it", () => expect(() => matrix(2, 2, new Float64Array(3))).toThrow(InputError));
