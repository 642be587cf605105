/**
 * Scores of one series as a histogram whose old entries fade, kept in BINS + 1 numbers of a typed array that the caller owns:
 * how unusual a score is, is how much of the weight lies at or above it.
 *
 * Guarantee. While scores are exchangeable (each order of them equally likely), P(p <= a) <= a for every a down to 1 / (weight + 1), up to the width of one
 * bin: that is the conformal p-value (V. Vovk, A. Gammerman, G. Shafer, "Algorithmic Learning in a Random World", 2005), with fading weights as in
 * R. Barber et al., "Conformal Prediction Beyond Exchangeability" (2023): where scores drift it is off by at most the weighted distance between then and now.
 * Limits. It says nothing of p below 1 / (weight + 1). tailP() of tail-probability.ts smooths the highest 4 % by a Pareto tail and extrapolates from there: what it answers has no guarantee.
 * It holds on average over time, not for each hour of the day, and dependence makes alarms come in clusters though their mean rate is right.
 */

/** Eight bins per octave from 1 to 56: scores are distances in units of spread, or -ln p, and below 1 nothing is unusual. */
export const BINS = 46;
/** Numbers per histogram: the bins, then the sum of all weights. */
export const HISTOGRAM_FIELDS = BINS + 1;
/** Lower edges; the last is the upper edge of the last bin. The first bin begins at 0. */
export const EDGES = Float64Array.from({ length: BINS + 1 }, (_, bin) => (bin === 0 ? 0 : 2 ** (bin >> 3) * (1 + (bin & 7) / 8)));

/** Larger scores count as this, the lower edge of the last bin: all that it holds is then as unusual as any of it. */
export const MAX_SCORE = EDGES[BINS - 1] as number;

const single = new Float32Array(1);
const bits = new Int32Array(single.buffer);
/** Exponent and first three bits of the mantissa of 1. */
const FIRST_BIN = 127 << 3;

/** The bin of a score >= 0, read off the bits of the number. */
export function binOf(score: number): number {
  single[0] = score;
  const bin = ((bits[0] as number) >> 20) - FIRST_BIN;
  return bin < 0 ? 0 : bin >= BINS ? BINS - 1 : bin;
}

/** Adds a score with `weight`: one that grows from entry to entry makes the others fade (forward decay: G. Cormode et al., 2009). */
export function addScore(state: Float32Array, at: number, score: number, weight: number): void {
  const bin = at + binOf(score);
  state[bin] = (state[bin] as number) + weight;
  state[at + BINS] = (state[at + BINS] as number) + weight;
}

/** Multiplies all weights, so that growing ones never overflow. */
export function scaleWeights(state: Float32Array, at: number, factor: number): void {
  for (let index = at; index < at + HISTOGRAM_FIELDS; index++) state[index] = (state[index] as number) * factor;
}

/** Weight at or above a score, that of its own bin in proportion to where the score lies in it. */
export function weightFrom(state: Float32Array, at: number, score: number): number {
  const bin = binOf(score);
  let above = 0;
  for (let index = BINS - 1; index > bin; index--) above += state[at + index] as number;
  const low = EDGES[bin] as number;
  const part = Math.min(1, (score - low) / ((EDGES[bin + 1] as number) - low));
  return above + (state[at + bin] as number) * (1 - part);
}

/** Conformal p-value of a score that has not been added yet: in (0, 1], and 1 where nothing is known. `weight` is what it would be added with. */
export function conformalP(state: Float32Array, at: number, score: number, weight: number): number {
  const total = (state[at + BINS] as number) + weight;
  return Math.min(1, (weightFrom(state, at, score) + weight) / total);
}
