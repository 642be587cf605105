/** A table of numbers, row after row in one typed array. */
import { InputError } from "./input-error.ts";

/** `values[row * columns + column]`. Rows are samples in order of time, columns are features, unless a function says otherwise. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
}

/** A matrix of zeros, or of `values`, which it keeps and does not copy. Throws InputError where the lengths do not agree. */
export function matrix(rows: number, columns: number, values: Float64Array = zeros(rows * columns)): Matrix {
  if (values.length !== rows * columns || !(Number.isInteger(rows) && Number.isInteger(columns) && rows >= 0 && columns >= 0))
    throw new InputError(
      `a matrix of ${rows} rows and ${columns} columns needs ${rows * columns} values, got ${values.length}: give whole numbers from 0, and as many values`,
    );
  return { rows, columns, values };
}

/** A matrix from rows of equal length. Throws InputError where a row has another length. */
export function matrixOfRows(rows: readonly ArrayLike<number>[]): Matrix {
  const columns = rows[0]?.length ?? 0;
  const values = new Float64Array(rows.length * columns);
  rows.forEach((row, index) => {
    if (row.length !== columns)
      throw new InputError(`row ${index} has ${row.length} values, row 0 has ${columns}: give each row one value per column, NaN where it is missing`);
    values.set(row, index * columns);
  });
  return { rows: rows.length, columns, values };
}

/** A view of one row: writing to it writes to the matrix. */
export function rowOf({ values, columns }: Matrix, row: number): Float64Array {
  return values.subarray(row * columns, (row + 1) * columns);
}

function zeros(count: number): Float64Array {
  return new Float64Array(count >= 0 && count <= MOST_VALUES ? count : 0);
}

/** More do not fit one typed array on some machines. */
const MOST_VALUES = 2 ** 32 - 1;
