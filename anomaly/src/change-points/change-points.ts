/** The change points of a series that is there as a whole: the streaming CUSUM in a loop. */
import { checkValues } from "../sample-range.ts";
import { CHANGES, type ChangeKind, type CusumParams, createCusum } from "./cusum.ts";

export interface ChangePoint {
  readonly kind: Exclude<ChangeKind, "none">;
  /** Index of the first sample that is thought to be changed. */
  readonly onset: number;
  /** Index of the sample that made it certain. */
  readonly detected: number;
}

/** `values`: one sample per step of time, NaN where one is missing. `longestGap` counts steps. Throws InputError for a sample that is infinite or beyond 1e140. */
export function changePoints(values: Float64Array, params: CusumParams = {}): ChangePoint[] {
  checkValues(values);
  const bank = createCusum(1, params);
  const points: ChangePoint[] = [];
  values.forEach((value, index) => {
    const kind = CHANGES[bank.push(0, value, index)];
    if (kind !== undefined && kind !== "none") points.push({ kind, onset: bank.onset(0), detected: index });
  });
  return points;
}
