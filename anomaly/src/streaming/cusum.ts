/** Two-sided cumulative sum of standardised residuals (E. S. Page, "Continuous Inspection Schemes", 1954): small shifts that last. */

/** Numbers of state: the sum upwards, the sum downwards. */
export const CUSUM_FIELDS = 2;
/** One residual counts for at most so many spreads: a single spike is for other detectors. */
const CLIP = 4;
/** The sums go no higher, so that they come back soon after a long shift. */
const MOST = 64;

/** Learns a residual in units of its spread; `allowance` is half of the shift, in spreads, that it is meant to see. Returns the larger sum. */
export function learnCusum(state: Float32Array, at: number, residual: number, allowance: number): number {
  const step = Math.max(-CLIP, Math.min(CLIP, residual));
  const up = Math.min(MOST, Math.max(0, (state[at] as number) + step - allowance));
  const down = Math.min(MOST, Math.max(0, (state[at + 1] as number) - step - allowance));
  state[at] = up;
  state[at + 1] = down;
  return Math.max(up, down);
}
