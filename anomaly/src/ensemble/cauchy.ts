/**
 * Several p-values made one by the weighted Cauchy combination (Y. Liu and J. Xie, "Cauchy Combination Test: A Powerful Test With Analytic p-Value Calculation Under
 * Arbitrary Dependency Structures", 2020): the mean of cot(pi p) is Cauchy distributed when the p-values are independent, and in the tail nearly so
 * however they depend.
 * By arithmetic alone, so that no machine's trigonometry decides.
 */

/** P-values nearer to 1 count as this: one member that sees nothing must not outweigh one that sees much. */
const LARGEST_P = 0.98;
/** Smaller ones count as this: its cotangent is still finite. */
const SMALLEST_P = 1e-300;

/** cot(pi p) for 0 < p < 1. */
export function cotangentOfPi(p: number): number {
  if (p > 0.5) return -cotangentOfPi(1 - p);
  // The angle is halved twice, to at most pi/8, where the series converges fast; cot(2x) = (c - 1/c) / 2 with c = cot(x) doubles it again.
  const x = (Math.PI * p) / 4;
  const q = x * x;
  const series = q * (1 / 3 + q * (1 / 45 + q * (2 / 945 + q * (1 / 4725 + q * (2 / 93555 + q * (1382 / 638512875 + q * (4 / 18243225)))))));
  const quarter = (1 - series) / x;
  const half = (quarter - 1 / quarter) / 2;
  return (half - 1 / half) / 2;
}

/** What a p-value adds to the sum. */
export function cauchyTerm(p: number): number {
  return cotangentOfPi(Math.max(SMALLEST_P, Math.min(LARGEST_P, p)));
}

/** The p in (0, 1) whose cotangentOfPi is `t`. */
export function pOfCotangent(t: number): number {
  return t < 0 ? 1 - arctangent(1 / -t) / Math.PI : arctangent(1 / t) / Math.PI;
}

/** arctan(x) for x >= 0, also Infinity: the angle is halved twice, then the series. */
function arctangent(x: number): number {
  if (x > 1) return Math.PI / 2 - arctangent(1 / x);
  const half = x / (1 + Math.sqrt(1 + x * x));
  const quarter = half / (1 + Math.sqrt(1 + half * half));
  const q = quarter * quarter;
  let sum = 0;
  for (let term = 25; term > 0; term -= 2) sum = 1 / term - q * sum;
  return 4 * quarter * sum;
}

/**
 * The combined p-value of `p[0 .. count)` with `weights[at .. at + count)`, which need not sum to 1. A member with weight 0, or without a p-value (NaN), has no say; 1 where nobody has one.
 */
export function combineP(p: Float64Array, count: number, weights: Float32Array | Float64Array, at = 0): number {
  let sum = 0;
  let total = 0;
  for (let member = 0; member < count; member++) {
    const weight = weights[at + member] as number;
    const own = p[member] as number;
    if (!(weight > 0) || Number.isNaN(own)) continue;
    sum += weight * cauchyTerm(own);
    total += weight;
  }
  return total === 0 ? 1 : pOfCotangent(sum / total);
}

/** Who voted, as bits: the members whose own p-value is at most `level`, and those who are at least as sure as the `combined` answer. */
export function votesOf(p: Float64Array, count: number, combined: number, level: number): number {
  let votes = 0;
  const limit = Math.max(combined, level);
  for (let member = 0; member < count; member++) if ((p[member] as number) <= limit) votes |= 1 << member;
  return votes;
}
