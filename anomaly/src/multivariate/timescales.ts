/** One stream of distances at several timescales: a short blow shows in the distance itself, a mild one that lasts in its moving means. */

export interface Timescales {
  /** Share that each mean moves towards a sample: 1 - 2^(-1 / half-life), 1 for a half-life of 0. */
  readonly rates: Float64Array;
  readonly means: Float64Array;
  /** Median of each mean over the history, and the distance from it to its 99th percentile in units of a normal one: 2.3263. */
  readonly middles: Float64Array;
  readonly spreads: Float64Array;
}

const NORMAL_99 = 2.3263478740408408;

/** `distances` of the history in order, none missing; `halfLives` in samples. No history is so calm that less than `leastSpread` is unusual. */
export function timescalesOf(distances: Float64Array, halfLives: readonly number[], leastSpread: number): Timescales {
  const rates = Float64Array.from(halfLives, (halfLife) => (halfLife === 0 ? 1 : 1 - 2 ** (-1 / halfLife)));
  const first = distances[0] ?? 0;
  const means = new Float64Array(rates.length).fill(first);
  const middles = new Float64Array(rates.length);
  const spreads = new Float64Array(rates.length);
  rates.forEach((rate, index) => {
    let mean = first;
    const seen = distances.map((distance) => {
      mean += rate * (distance - mean);
      return mean;
    });
    means[index] = mean;
    seen.sort();
    const middle = seen[seen.length >> 1] ?? 0;
    middles[index] = middle;
    spreads[index] = Math.max(((seen[Math.floor(0.99 * (seen.length - 1))] ?? 0) - middle) / NORMAL_99, leastSpread);
  });
  return { rates, means, middles, spreads };
}

/** Lets the means follow one distance. */
export function follow({ rates, means }: Timescales, distance: number): void {
  for (let index = 0; index < rates.length; index++) {
    const mean = means[index] as number;
    means[index] = mean + (rates[index] as number) * (distance - mean);
  }
}

/** How far the means are from usual, in standard deviations of the history, in the mean over the timescales. */
export function unusual({ means, middles, spreads }: Timescales): number {
  let sum = 0;
  for (let index = 0; index < means.length; index++) sum += ((means[index] as number) - (middles[index] as number)) / (spreads[index] as number);
  return sum / means.length;
}
