/** Locally weighted regression on an even grid: W. S. Cleveland, "Robust Locally Weighted Regression" (1979), as STL uses it. */

/** Parts of the half-width within which a neighbour weighs 1, and beyond which it weighs nothing. */
const NEAR = 0.001;
const FAR = 0.999;

/** What the smoother may use: values at 0 .. length - 1, and how far each is trusted (0: not at all). */
export interface Grid {
  readonly values: Float64Array;
  readonly weights: Float64Array;
  readonly length: number;
}

/**
 * The smooth at `x` from the samples `left` .. `right` (both counted), or undefined where all of them weigh nothing.
 * `window` is the number of neighbours asked for: where the grid holds fewer, the kernel is widened by half of what is missing. `degree` 0 fits a level, 1 a line.
 * `kernel` is room for right - left + 1 numbers.
 */
export function loessAt(
  { values, weights, length }: Grid,
  window: number,
  degree: 0 | 1,
  x: number,
  left: number,
  right: number,
  kernel: Float64Array,
): number | undefined {
  let half = Math.max(x - left, right - x);
  if (window > length) half += Math.floor((window - length) / 2);
  let total = 0;
  for (let at = left; at <= right; at++) {
    const distance = Math.abs(at - x);
    let weight = 0;
    if (distance <= FAR * half) {
      weight = weights[at] as number;
      if (distance > NEAR * half) {
        const ratio = distance / half;
        const cube = 1 - ratio * ratio * ratio;
        weight *= cube * cube * cube;
      }
    }
    kernel[at - left] = weight;
    total += weight;
  }
  if (total <= 0) return undefined;
  let centre = 0;
  for (let at = left; at <= right; at++) centre += ((kernel[at - left] as number) / total) * at;
  let spread = 0;
  if (half > 0 && degree > 0) {
    for (let at = left; at <= right; at++) spread += ((kernel[at - left] as number) / total) * (at - centre) ** 2;
  }
  // Neighbours all in one place tell no slope.
  const slope = Math.sqrt(spread) > NEAR * (length - 1) ? (x - centre) / spread : 0;
  let smooth = 0;
  for (let at = left; at <= right; at++) smooth += ((kernel[at - left] as number) / total) * (slope * (at - centre) + 1) * (values[at] as number);
  return smooth;
}

/** The smooth of the whole grid into `out`: computed at every `jump`-th sample and at the last, straight between. Where nothing can be said, the value itself. */
export function loess(grid: Grid, window: number, degree: 0 | 1, jump: number, out: Float64Array, kernel: Float64Array): void {
  const { values, length } = grid;
  if (length < 2) {
    out[0] = values[0] as number;
    return;
  }
  const step = Math.min(jump, length - 1);
  const width = Math.min(window, length);
  // The window moves along so that the sample is its middle, and stops at both ends.
  const ahead = Math.floor((window + 1) / 2);
  const at = (x: number): number => {
    const left = window >= length ? 0 : Math.min(Math.max(x - ahead + 1, 0), length - width);
    return loessAt(grid, window, degree, x, left, left + width - 1, kernel) ?? (values[x] as number);
  };
  let known = 0;
  out[0] = at(0);
  for (let x = step; known < length - 1; x = Math.min(x + step, length - 1)) {
    out[x] = at(x);
    const rise = ((out[x] as number) - (out[known] as number)) / (x - known);
    for (let between = known + 1; between < x; between++) out[between] = (out[known] as number) + rise * (between - known);
    known = x;
  }
}
