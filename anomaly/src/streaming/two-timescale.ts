/**
 * Two exponentially weighted means of one stream, a fast and a slow one: where they part, the stream has changed (after B. Nelson's and P. Page's
 * moving averages; roles as in MACD).
 */

/** Numbers of state: fast, slow. */
export const TWO_TIMESCALE_FIELDS = 2;

/** Learns a sample. While fewer than 1 / gain samples were seen, pass 1 / samples: then both are plain means. */
export function learnTwo(state: Float32Array, at: number, sample: number, fastGain: number, slowGain: number): void {
  state[at] = (state[at] as number) + fastGain * (sample - (state[at] as number));
  state[at + 1] = (state[at + 1] as number) + slowGain * (sample - (state[at + 1] as number));
}

/** Forgets the fast one: after a gap there is no recent past. */
export function forgetFast(state: Float32Array, at: number): void {
  state[at] = state[at + 1] as number;
}

/**
 * |fast - slow| in standard deviations of that difference, for independent samples of spread `spread`: var = spread^2 (f/(2-f) + s/(2-s) - 2fs/(f+s-fs)).
 * 0 where there is no spread, and while both are still the same mean.
 */
export function meanShift(state: Float32Array, at: number, spread: number, fastGain: number, slowGain: number): number {
  if (spread === 0) return 0;
  const [f, s] = [fastGain, slowGain];
  const variance = f / (2 - f) + s / (2 - s) - (2 * f * s) / (f + s - f * s);
  if (variance < 1e-9) return 0;
  return Math.abs((state[at] as number) - (state[at + 1] as number)) / (spread * Math.sqrt(variance));
}

/** |ln(fast / slow)| of mean absolute residuals in its standard deviations for normal samples; sees a series that grows calm as well as one that grows wild. */
export function varianceShift(state: Float32Array, at: number, fastGain: number): number {
  const slow = state[at + 1] as number;
  if (!(slow > 0)) return 0;
  // A residual that vanishes altogether is worth a thousandth of the usual one, not minus infinity.
  const ratio = ((state[at] as number) + slow * 1e-3) / (slow * (1 + 1e-3));
  return Math.abs(Math.log(ratio)) / (RELATIVE_SD * Math.sqrt(fastGain / (2 - fastGain)));
}

/** sd / mean of |Z|: sqrt(pi/2 - 1). */
const RELATIVE_SD = 0.7555;
