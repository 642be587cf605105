/**
 * What a detection at each row is worth to NAB before costs: A. Lavin and S. Ahmad, "Evaluating Real-Time Anomaly Detection Algorithms:
 * the Numenta Anomaly Benchmark" (2015), section "NAB scoring"; details as the benchmark's version 1.1 counts them.
 */

/** First and last row of a labelled window. */
export interface Window {
  readonly first: number;
  readonly last: number;
}

/** In place of a window's number: the row is in no window, or comes so early that it is not scored. */
export const OUTSIDE = -1;
export const PROBATION = -2;

export interface Worth {
  /** Inside a window 1 at its first row, down to near 0 at its last; outside from near 0 just behind a window down to -1 far from any. */
  readonly worth: Float64Array;
  /** Number of the window of each row, OUTSIDE or PROBATION. */
  readonly window: Int32Array;
}

/** Rows at the start of a series in which detectors learn and nothing is scored: 15 % of it, of at most 5,000 rows. */
export function probationOf(length: number): number {
  return Math.min(Math.floor(0.15 * length), 0.15 * 5000);
}

/** 2 / (1 + e^(5x)) - 1: 0.987 at the left edge of a window (-1), 0 at its right edge, -1 far behind it. */
export function scaledSigmoid(position: number): number {
  return position > 3 ? -1 : 2 / (1 + Math.exp(5 * position)) - 1;
}

/** `windows` in order of time, without overlap. */
export function worthOf(length: number, windows: readonly Window[]): Worth {
  const worth = new Float64Array(length);
  const window = new Int32Array(length).fill(OUTSIDE);
  const most = scaledSigmoid(-1);
  let next = 0;
  for (let row = 0; row < length; row++) {
    const current = windows[next];
    if (current !== undefined && row >= current.first) {
      worth[row] = scaledSigmoid(-(current.last - row + 1) / (current.last - current.first + 1)) / most;
      window[row] = next;
      if (row === current.last) next++;
    } else {
      const before = windows[next - 1];
      worth[row] = before === undefined ? -1 : scaledSigmoid((row - before.last) / (before.last - before.first));
    }
  }
  window.fill(PROBATION, 0, probationRows(length));
  return { worth, window };
}

/** A row is scored from the first that is not below the probation, which need not be whole. */
function probationRows(length: number): number {
  return Math.min(Math.ceil(probationOf(length)), length);
}
