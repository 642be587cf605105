/** Features in robust standard deviations from their median, as the training rows had them, cut where they are far out. */
import { InputError } from "../input-error.ts";
import { type Matrix, matrix } from "../matrix.ts";
import { median } from "../robust-score.ts";

/** One number per feature. */
export interface Scaling {
  readonly center: Float64Array;
  readonly unit: Float64Array;
}

/** Makes the median absolute deviation, and the mean one, of normal samples their standard deviation: 1 / quantile(3/4) and sqrt(pi / 2). */
const OF_MEDIAN = 1.482602218505602;
const OF_MEAN = 1.2533141373155003;
/** Of its level: the unit of a feature that never moved. */
const OF_LEVEL = 0.01;

/**
 * From the first `rows` of a table. The unit is 1.4826 x the median absolute deviation; where more than half of the values are one and the same, 1.2533 x the
 * mean absolute deviation; where all are, a hundredth of the value, and 1 where that is zero. A feature without any value has center 0 and unit 1.
 */
export function fitScaling({ columns, values }: Matrix, rows: number): Scaling {
  const center = new Float64Array(columns);
  const unit = new Float64Array(columns).fill(1);
  const column = new Float64Array(rows);
  for (let feature = 0; feature < columns; feature++) {
    let count = 0;
    for (let row = 0; row < rows; row++) {
      const value = values[row * columns + feature] as number;
      if (!Number.isNaN(value)) column[count++] = value;
    }
    if (count === 0) continue;
    const seen = column.subarray(0, count);
    const middle = median(seen);
    const distances = seen.map((value) => Math.abs(value - middle));
    center[feature] = middle;
    unit[feature] = OF_MEDIAN * median(distances) || OF_MEAN * (distances.reduce((sum, each) => sum + each, 0) / count) || OF_LEVEL * Math.abs(middle) || 1;
  }
  return { center, unit };
}

/** `value` of a feature, scaled and cut at +-`limit`; NaN stays NaN. */
export function scaled({ center, unit }: Scaling, feature: number, value: number, limit: number): number {
  const distance = (value - (center[feature] as number)) / (unit[feature] as number);
  return Math.max(-limit, Math.min(limit, distance));
}

/** A table of its own with all values scaled. */
export function scaledTable(scaling: Scaling, { rows, columns, values }: Matrix, limit: number): Matrix {
  const result = matrix(rows, columns);
  for (let index = 0; index < values.length; index++) result.values[index] = scaled(scaling, index % columns, values[index] as number, limit);
  return result;
}

/** Throws InputError at the first infinite value, and where the table has another width than `features`. */
export function checkTable({ columns, values }: Matrix, features = columns): void {
  if (columns !== features)
    throw new InputError(`the table has ${columns} columns, the autoencoder was fitted on ${features}: give the same features in the same order`);
  const infinite = values.findIndex((value) => value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY);
  if (infinite >= 0)
    throw new InputError(
      `row ${Math.floor(infinite / columns)}, feature ${infinite % columns} is ${values[infinite]}: give finite numbers, and NaN where one is missing`,
    );
}
