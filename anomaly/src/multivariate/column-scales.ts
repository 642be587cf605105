/** The usual level and spread of each metric, in its own unit, from a history that may hold incidents. */
import type { Matrix } from "../matrix.ts";
import { median, NORMAL_SCALE } from "../robust-score.ts";

export interface ColumnScales {
  /** Median (or mean) of each column; NaN where the history has no value at all. */
  readonly centre: Float64Array;
  readonly scale: Float64Array;
  /** The scale never falls below it, so that rounding is no incident. */
  readonly floor: Float64Array;
}

/** Of the standard deviation: a metric that more than half of the time is one value has no other spread than that of its excursions. */
const FLOOR_OF_DEVIATION = 0.01;
/** Share of the values whose excursions are the metric's own: what a job does for a minute each day is, what happened once in a week of minutes is not. */
const KEPT = 0.9999;
/** Of the level: a constant metric moves when it leaves its sixth digit. */
const FLOOR_OF_LEVEL = 1e-6;
const SMALLEST = 1e-12;

/**
 * `robust`: median and 1.4826 MAD, or the standard deviation of all values but the farthest in ten thousand where that is more than a hundred times as much: the column is nearly
 * always one value. `standard`: mean and standard deviation. Missing values (NaN) are left out.
 */
export function columnScales(rows: Matrix, kind: "robust" | "standard"): ColumnScales {
  const { columns } = rows;
  const scales = { centre: new Float64Array(columns), scale: new Float64Array(columns), floor: new Float64Array(columns) };
  for (let column = 0; column < columns; column++) {
    const present = presentOf(rows, column);
    const centre = kind === "robust" ? median(present) : meanOf(present);
    const distances = present.map((value) => Math.abs(value - centre));
    const deviation = (kind === "robust" && deviationOf(present.filter(nearest(distances)))) || deviationOf(present);
    const spread = kind === "robust" ? NORMAL_SCALE * median(distances) : deviation;
    const floor = floorOf(deviation, centre);
    scales.centre[column] = centre;
    scales.floor[column] = floor;
    scales.scale[column] = Math.max(spread > floor ? spread : deviation, floor);
  }
  return scales;
}

/** The least scale of a column of which only a level is known. */
export function floorOfLevel(level: number): number {
  return Math.max(FLOOR_OF_LEVEL * Math.abs(level), SMALLEST);
}

const meanOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function deviationOf(values: Float64Array): number {
  if (values.length === 0) return 0;
  const mean = meanOf(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / values.length);
}

/** Whether a value is not among the farthest, of which at least one is left out: a glitch is no spread. */
function nearest(distances: Float64Array): (value: number, index: number) => boolean {
  const reach = distances.toSorted()[Math.max(0, Math.floor(KEPT * distances.length) - 1)] ?? 0;
  return (_, index) => (distances[index] as number) <= reach;
}

function floorOf(deviation: number, centre: number): number {
  return Math.max(FLOOR_OF_DEVIATION * deviation, floorOfLevel(Number.isNaN(centre) ? 0 : centre));
}

function presentOf({ rows, columns, values }: Matrix, column: number): Float64Array {
  const present = new Float64Array(rows);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    const value = values[row * columns + column] as number;
    if (!Number.isNaN(value)) present[count++] = value;
  }
  return present.subarray(0, count);
}
