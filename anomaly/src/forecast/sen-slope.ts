/** The slope of a noisy line, and whether there is one. */
import { normalQuantile, normalTail } from "../normal.ts";

export interface SenSlope {
  /** Median of the slopes between all pairs of samples, per unit of time. */
  readonly slope: number;
  /** Interval that holds the true slope with the asked level. */
  readonly lower: number;
  readonly upper: number;
  /** Probability of a rise or fall at least so steady where there is none (Mann-Kendall, two-sided). */
  readonly pValue: number;
  /** The line is intercept + slope x time; the intercept is the median of what is left. */
  readonly intercept: number;
}

/**
 * P. Sen, "Estimates of the Regression Coefficient Based on Kendall's Tau" (1968). Neighbouring samples that resemble each other count as fewer: the variance of Kendall's S
 * is stretched by (1 + r) / (1 - r), r the correlation of neighbouring remainders (G. Bayley and J. Hammersley, 1946).
 * `times` rise strictly; neither holds NaN. Costs the square of the number of samples: give some hundreds. Two samples at least.
 */
export function senSlope(times: Float64Array, values: Float64Array, level: number): SenSlope {
  const count = values.length;
  const slopes = new Float64Array((count * (count - 1)) / 2);
  let pair = 0;
  let balance = 0;
  for (let later = 1; later < count; later++) {
    for (let earlier = 0; earlier < later; earlier++) {
      const rise = (values[later] as number) - (values[earlier] as number);
      balance += Math.sign(rise);
      slopes[pair++] = rise / ((times[later] as number) - (times[earlier] as number));
    }
  }
  slopes.sort();
  const slope = middleOf(slopes);
  const rest = values.map((value, index) => value - slope * (times[index] as number));
  const intercept = middleOf(rest.toSorted());
  const alike = Math.min(0.95, Math.max(0, neighbourCorrelation(rest, intercept)));
  const variance = ((count * (count - 1) * (2 * count + 5)) / 18) * ((1 + alike) / (1 - alike));
  const deviation = Math.sqrt(variance);
  const pValue = Math.min(1, 2 * normalTail(Math.max(0, Math.abs(balance) - 1) / deviation));
  const reach = normalQuantile((1 + level) / 2) * deviation;
  const at = (rank: number): number => slopes[Math.max(0, Math.min(slopes.length - 1, Math.round(rank)))] as number;
  return { slope, intercept, pValue, lower: at((slopes.length - reach) / 2 - 1), upper: at((slopes.length + reach) / 2) };
}

function middleOf(sorted: Float64Array): number {
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

function neighbourCorrelation(values: Float64Array, centre: number): number {
  let products = 0;
  let squares = 0;
  for (let index = 0; index < values.length; index++) {
    const value = (values[index] as number) - centre;
    squares += value * value;
    if (index > 0) products += value * ((values[index - 1] as number) - centre);
  }
  return squares === 0 ? 0 : products / squares;
}
