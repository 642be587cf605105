/** The season of a series, where it has one. */
import { InputError } from "../input-error.ts";
import { checkValues } from "../sample-range.ts";
import { autocovariance } from "./autocovariance.ts";

export interface DominantPeriodParams {
  /** Samples; a shorter cycle is texture and not a season. 24, the hours of a day. */
  readonly shortest?: number;
  /** Samples; 400, as far as TSB-AD looks: a day of samples every five minutes is 288. */
  readonly longest?: number;
  /** The autocorrelation that a peak must reach; 0.2: chance stays below 3 / sqrt(225). */
  readonly least?: number;
}

/** The lag of the highest peak of the autocorrelation, in samples; undefined where no peak is high enough. `series` may have gaps (NaN). Throws InputError for an infinite value. */
export function dominantPeriod(series: Float64Array, { shortest = 24, longest = 400, least = 0.2 }: DominantPeriodParams = {}): number | undefined {
  if (!(Number.isInteger(shortest) && Number.isInteger(longest) && shortest >= 1 && longest > shortest))
    throw new InputError(`periods from ${shortest} to ${longest}: give whole numbers from 1, the second the larger`);
  if (!(least >= 0 && least < 1)) throw new InputError(`least is ${least}: give an autocorrelation from 0, below 1`);
  checkValues(series);
  const covariance = autocovariance(series, longest + 1);
  let best: number | undefined;
  let height = least * (covariance[0] as number);
  for (let lag = shortest; lag < longest; lag++) {
    const here = covariance[lag] as number;
    if (here <= height || here <= (covariance[lag - 1] as number) || here < (covariance[lag + 1] as number)) continue;
    best = lag;
    height = here;
  }
  return best;
}
