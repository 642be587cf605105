/** Features in robust standard deviations from their median, as the training rows had them, cut where they are far out. */
import { InputError } from "../input-error.ts";
import { type Matrix, matrix } from "../matrix.ts";
import { median } from "../robust-score.ts";
import { floorOfLevel } from "./column-scales.ts";

/** One number per feature. */
export interface Scaling {
  readonly center: Float64Array;
  readonly unit: Float64Array;
}

/** Makes the median absolute deviation, and the mean one, of normal samples their standard deviation: 1 / quantile(3/4) and sqrt(pi / 2). */
const OF_MEDIAN = 1.482602218505602;
const OF_MEAN = 1.2533141373155003;
/** So many units from the median, a value counts as no farther in the mean deviation: a few wild ones must not make everything else look alike. */
const WILD = 10;

/**
 * From the first `rows` of a table. The unit is the larger one of 1.4826 x the median absolute deviation and 1.2533 x the mean absolute deviation (wild values cut), for what is
 * quiet for more than half of the time has its unit from its busy times. A feature that never moved has so small a unit that whatever it does is far out, also one that was always
 * zero: in which unit it is measured must not matter. A feature without any value has center 0 and unit 1.
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
    center[feature] = median(column.subarray(0, count));
    unit[feature] = unitOf(column.subarray(0, count), center[feature] as number);
  }
  return { center, unit };
}

function unitOf(seen: Float64Array, middle: number): number {
  const distances = seen.map((value) => Math.abs(value - middle));
  const typical = OF_MEDIAN * median(distances);
  const most = typical > 0 ? WILD * typical : Number.POSITIVE_INFINITY;
  const average = OF_MEAN * (distances.reduce((sum, distance) => sum + Math.min(distance, most), 0) / seen.length);
  return Math.max(typical, average, floorOfLevel(middle));
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
