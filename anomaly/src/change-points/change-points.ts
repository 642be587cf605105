/** The change points of a series that is there as a whole: the streaming CUSUM in a loop. */
import { InputError } from "../input-error.ts";
import { CHANGES, type ChangeKind, type CusumParams, createCusum } from "./cusum.ts";

export interface ChangePoint {
  readonly kind: Exclude<ChangeKind, "none">;
  /** Index of the first sample that is thought to be changed. */
  readonly onset: number;
  /** Index of the sample that made it certain. */
  readonly detected: number;
}

/** `values`: one sample per step of time, NaN where one is missing. `longestGap` counts steps. Throws InputError for an infinite sample. */
export function changePoints(values: Float64Array, params: CusumParams = {}): ChangePoint[] {
  const bank = createCusum(1, params);
  const points: ChangePoint[] = [];
  values.forEach((value, index) => {
    if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY)
      throw new InputError(`sample ${index} is ${value}: a finite number is right, or NaN where there is none`);
    const kind = CHANGES[bank.push(0, value, index)];
    if (kind !== undefined && kind !== "none") points.push({ kind, onset: bank.onset(0), detected: index });
  });
  return points;
}
