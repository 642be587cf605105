/** The slope of a noisy line, and whether there is one. */
import { normalQuantile, normalTail } from "../normal.ts";
import { middleOf } from "../quantile.ts";

export interface SenSlope {
  /** Median of the slopes between all pairs of samples (of one phase), per unit of time. */
  readonly slope: number;
  /** Interval that holds the true slope with the asked level. */
  readonly lower: number;
  readonly upper: number;
  /** Probability of a rise or fall at least so steady where there is none (Mann-Kendall, two-sided). */
  readonly pValue: number;
  /** The line is intercept + slope x time; the intercept is the median of what is left. */
  readonly intercept: number;
  /** How far the median of the highest phase lies above the line; 0 without phases. */
  readonly crest: number;
}

/**
 * P. Sen, "Estimates of the Regression Coefficient Based on Kendall's Tau" (1968); where each sample has a phase of a cycle only samples of one phase are compared
 * (R. Hirsch and J. Slack, "A Nonparametric Trend Test for Seasonal Data with Serial Dependence", 1984). Neighbouring samples that resemble each other count as fewer: the
 * variance of Kendall's S is stretched by (1 + r) / (1 - r), r the correlation of neighbouring remainders (G. Bayley and J. Hammersley, 1946).
 * `times` rise strictly; neither holds NaN. Costs the square of the number of samples: give some hundreds. Two samples of one phase at least.
 */
export function senSlope(times: Float64Array, values: Float64Array, level: number, phases: Int32Array = new Int32Array(values.length)): SenSlope {
  const count = values.length;
  const room = new Float64Array((count * (count - 1)) / 2);
  let pairs = 0;
  let balance = 0;
  for (let later = 1; later < count; later++) {
    for (let earlier = 0; earlier < later; earlier++) {
      if (phases[earlier] !== phases[later]) continue;
      const rise = (values[later] as number) - (values[earlier] as number);
      balance += Math.sign(rise);
      room[pairs++] = rise / ((times[later] as number) - (times[earlier] as number));
    }
  }
  const slopes = room.subarray(0, pairs).sort();
  const slope = middleOf(slopes);
  const rest = values.map((value, index) => value - slope * (times[index] as number));
  const intercept = middleOf(rest.toSorted());
  const { variance, crest } = withoutPhases(rest, phases, intercept);
  const alike = Math.min(0.95, Math.max(0, neighbourCorrelation(rest)));
  const deviation = Math.sqrt(variance * ((1 + alike) / (1 - alike)));
  const pValue = Math.min(1, 2 * normalTail(Math.max(0, Math.abs(balance) - 1) / deviation));
  const reach = normalQuantile((1 + level) / 2) * deviation;
  const at = (rank: number): number => slopes[Math.max(0, Math.min(pairs - 1, Math.round(rank)))] as number;
  return { slope, intercept, crest, pValue, lower: at((pairs - reach) / 2 - 1), upper: at((pairs + reach) / 2) };
}

/** Takes the median of its phase from each remainder, and adds up the variance of Kendall's S phase by phase. */
function withoutPhases(rest: Float64Array, phases: Int32Array, intercept: number): { readonly variance: number; readonly crest: number } {
  const members = new Map<number, number[]>();
  phases.forEach((phase, index) => {
    const group = members.get(phase);
    if (group === undefined) members.set(phase, [index]);
    else group.push(index);
  });
  let variance = 0;
  let crest = 0;
  for (const group of members.values()) {
    const size = group.length;
    variance += (size * (size - 1) * (2 * size + 5)) / 18;
    const middle = middleOf(Float64Array.from(group, (index) => rest[index] as number).sort());
    if (members.size > 1) crest = Math.max(crest, middle - intercept);
    for (const index of group) rest[index] = (rest[index] as number) - middle;
  }
  return { variance, crest };
}

function neighbourCorrelation(values: Float64Array): number {
  let products = 0;
  let squares = 0;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    squares += value * value;
    if (index > 0) products += value * (values[index - 1] as number);
  }
  return squares === 0 ? 0 : products / squares;
}
