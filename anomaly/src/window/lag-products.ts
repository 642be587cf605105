/** Running sums from which the autocovariance of a stream follows, older samples weighing less. */
import { autocovariance, meanOf } from "./autocovariance.ts";

/** Numbers that a snapshot keeps, in this order. */
const ORIGIN = 0;
const WEIGHT = 1;
const SUM = 2;
const DEVIATION = 3;
const NEXT = 4;
const COUNTERS = 5;

/**
 * Decayed sums of x(t) x(t - lag), O(lags) a sample and in memory. Values count from an origin near their mean, so that large levels cost no digits.
 * A value more than `clip` standard deviations away from the mean is learned as one so far away: a single wild sample must not blind what comes after it.
 */
export class LagProducts {
  readonly products: Float64Array;
  readonly counters = new Float64Array(COUNTERS);
  /** The last values as they were learned, in a ring: read from `counters[NEXT] - 1` backwards. */
  readonly ring: Float64Array;
  private readonly decay: number;
  private readonly clip: number;

  /** `memory`: samples after which one weighs 1/e; Infinity: all weigh the same. */
  constructor(lags: number, memory: number, clip: number) {
    this.products = new Float64Array(lags);
    this.ring = new Float64Array(lags);
    this.decay = Math.exp(-1 / memory);
    this.clip = clip;
  }

  /** Mean of what was learned. */
  get mean(): number {
    return (this.counters[ORIGIN] as number) + this.offset;
  }

  /** Mean, counted from the origin. */
  private get offset(): number {
    const weight = this.counters[WEIGHT] as number;
    return weight === 0 ? 0 : (this.counters[SUM] as number) / weight;
  }

  /** Learns a whole history anew, all of it weighing the same. `history` may have gaps (NaN), which count as the mean. */
  learnAll(history: Float64Array): void {
    const { counters, products, ring } = this;
    const clipped = clippedOf(history, this.clip);
    const origin = flatValue(clipped) ?? meanOf(clipped);
    const covariance = autocovariance(clipped, products.length);
    counters.fill(0);
    counters[ORIGIN] = origin;
    counters[WEIGHT] = history.length;
    covariance.forEach((value, lag) => {
      products[lag] = value * history.length;
    });
    const size = ring.length;
    for (let index = Math.max(0, clipped.length - size); index < clipped.length; index++) {
      const value = clipped[index] as number;
      ring[index % size] = Number.isNaN(value) ? 0 : value - origin;
    }
    counters[NEXT] = clipped.length % size;
    this.settle();
  }

  /** Learns the next sample of the stream. Allocates nothing. */
  learn(value: number): void {
    const { counters, products, ring, decay } = this;
    const size = ring.length;
    const reach = this.clip * (counters[DEVIATION] as number);
    const middle = this.offset;
    let here = value - (counters[ORIGIN] as number);
    if (reach > 0) here = Math.min(Math.max(here, middle - reach), middle + reach);
    const next = counters[NEXT] as number;
    ring[next] = here;
    // Lags that lie before the start of the ring, then those that wrapped around.
    for (let lag = 0; lag <= next; lag++) products[lag] = (products[lag] as number) * decay + here * (ring[next - lag] as number);
    for (let lag = next + 1; lag < size; lag++) products[lag] = (products[lag] as number) * decay + here * (ring[next - lag + size] as number);
    counters[WEIGHT] = (counters[WEIGHT] as number) * decay + 1;
    counters[SUM] = (counters[SUM] as number) * decay + here;
    counters[NEXT] = next + 1 === size ? 0 : next + 1;
  }

  /** The autocovariance at all lags, and from now on the deviation by which values are clipped. */
  settle(): Float64Array {
    const weight = this.counters[WEIGHT] as number;
    const square = this.offset * this.offset;
    const covariance = this.products.map((product) => product / weight - square);
    this.counters[DEVIATION] = Math.sqrt(Math.max(covariance[0] ?? 0, 0));
    return covariance;
  }
}

function clippedOf(history: Float64Array, clip: number): Float64Array {
  if (clip === Number.POSITIVE_INFINITY) return history;
  const mean = meanOf(history);
  const reach = clip * Math.sqrt(autocovariance(history, 1)[0] as number);
  return history.map((value) => Math.min(Math.max(value, mean - reach), mean + reach));
}

/** The one value of a history that never moved: its mean, rounded, would not be it. */
function flatValue(history: Float64Array): number | undefined {
  let flat: number | undefined;
  for (const value of history) {
    if (Number.isNaN(value)) continue;
    if (flat !== undefined && value !== flat) return undefined;
    flat = value;
  }
  return flat;
}
