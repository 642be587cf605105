/**
 * The gains of the Kalman filter of a stationary ARMA process in companion form, one step after the other in O(states):
 * M. Morf, G. Sidhu and T. Kailath's Chandrasekhar recursions (IEEE TAC 19, 1974), as E. Herbst writes them (Computational Economics 45, 2015).
 * They depend on no data, so one path of gains serves every series, and the constant.
 */
import type { ArimaShape } from "./arima-order.ts";

/**
 * Where variance and gain differ from their limits by less than this the limits are taken: 1, and the coefficients themselves. Of a process near a unit root the
 * variance begins so large that rounding leaves more.
 */
const SETTLED = 1e-11;
const ROUNDING = 2e-14;
/** Steps are that much smaller than what is left of the way, at most: so slow is a season whose moving average is nearly 1. */
const SLOWEST = 0.01;

/** Variance of an autoregression, in units of its noise, beyond which it should be differenced: rounding leaves eight digits of it. */
const FARTHEST = 1e8;

export class ArimaGains {
  /** At lags 1 to `states`. */
  readonly phi: Float64Array;
  readonly theta: Float64Array;
  /** T P Z' of the next observation, where T is the companion matrix and Z takes the first state. */
  readonly gain: Float64Array;
  /** Variance of the next innovation; the driving noise has variance 1. */
  variance = 1;
  /** Whether the filter has reached its limit: variance 1, gain phi + theta. */
  settled = true;
  /** P(t+1) - P(t) = weight * change * change'. */
  readonly change: Float64Array;
  weight = 0;
  /** How near to 1 `variance` can be expected to come. */
  near = SETTLED;
  readonly #shape: ArimaShape;

  constructor(shape: ArimaShape) {
    this.#shape = shape;
    this.phi = new Float64Array(shape.states);
    this.theta = new Float64Array(shape.states);
    this.gain = new Float64Array(shape.states);
    this.change = new Float64Array(shape.states);
  }

  /**
   * From the stationary distribution, as `phi` and `theta` stand; `conditional` starts at the limit instead, which gives the conditional sum of squares.
   * False where the model is so near a unit root that rounding would drown it.
   */
  start(conditional: boolean): boolean {
    this.settled = conditional;
    this.variance = 1;
    if (conditional) return true;
    const covariances = covariancesWithFirst(this.#shape, this.phi, this.theta);
    const { gain, change, phi } = this;
    if (covariances === undefined) return false;
    const variance = covariances[0] as number;
    for (let state = 0; state < gain.length; state++) gain[state] = (phi[state] as number) * variance + (covariances[state + 1] as number);
    change.set(gain);
    this.variance = variance;
    this.weight = -1 / variance;
    this.near = Math.max(SETTLED, ROUNDING * variance);
    if (variance - 1 < SETTLED) this.settled = true;
    return true;
  }

  /** To the gains of the next sample. */
  advance(): void {
    const { gain, change, phi } = this;
    const states = gain.length;
    const first = change[0] as number;
    const step = this.weight * first;
    // Rounding aside it never falls below that of the noise.
    const variance = Math.max(this.variance + first * step, 1);
    const ratio = first / variance;
    let largest = 0;
    for (let state = 0; state < states; state++) {
      const moved = (state + 1 < states ? (change[state + 1] as number) : 0) + (phi[state] as number) * first;
      const updated = (gain[state] as number) + moved * step;
      const left = moved - updated * ratio;
      gain[state] = updated;
      change[state] = left;
      if (left > largest) largest = left;
      else if (-left > largest) largest = -left;
    }
    this.weight += (step * step) / this.variance;
    this.variance = variance;
    if (variance - 1 < this.near && -this.weight * largest * largest < SLOWEST * this.near) {
      this.settled = true;
      this.variance = 1;
    }
  }
}

/** Covariance of each state with the first, which is the process itself, in its stationary distribution; driving noise of variance 1. Undefined too near a unit root. */
function covariancesWithFirst({ states, lags }: ArimaShape, phi: Float64Array, theta: Float64Array): Float64Array | undefined {
  const autocovariances = armaAutocovariances(phi, theta, lags);
  if (autocovariances === undefined) return undefined;
  const responses = responsesOf(phi, theta, lags, states);
  const covariances = new Float64Array(states + 1);
  covariances[0] = autocovariances[0] as number;
  // State i holds phi(i+1+l) w(t-1-l) + theta(i+l) e(t-l), summed over l >= 0.
  for (let state = 1; state <= states; state++) {
    let sum = 0;
    for (const lag of lags) {
      if (lag > state) sum += (phi[lag - 1] as number) * (autocovariances[lag - state] as number);
      if (lag >= state) sum += (theta[lag - 1] as number) * (responses[lag - state] as number);
    }
    covariances[state] = sum;
  }
  return covariances;
}

/** The first `count` weights psi of the process as a moving average of its noise. */
export function responsesOf(phi: Float64Array, theta: Float64Array, lags: Int32Array, count: number): Float64Array {
  const responses = new Float64Array(count + 1);
  responses[0] = 1;
  for (let time = 1; time <= count; time++) {
    let sum = theta[time - 1] ?? 0;
    for (const lag of lags) if (lag <= time) sum += (phi[lag - 1] as number) * (responses[time - lag] as number);
    responses[time] = sum;
  }
  return responses;
}

/** At distances 0 to `states`: those of the autoregression alone, taken through the moving average. */
function armaAutocovariances(phi: Float64Array, theta: Float64Array, lags: Int32Array): Float64Array | undefined {
  const states = phi.length;
  const used = [0, ...lags].filter((lag) => lag === 0 || theta[lag - 1] !== 0);
  const weightAt = (lag: number): number => (lag === 0 ? 1 : (theta[lag - 1] as number));
  const farthest = used.at(-1) as number;
  const own = autoregressionAutocovariances(phi, lags, states + farthest);
  if (!((own[0] as number) < FARTHEST)) return undefined;
  const all = new Float64Array(states + 1);
  for (const one of used)
    for (const other of used) {
      const weight = weightAt(one) * weightAt(other);
      const shift = one - other;
      for (let distance = 0; distance <= states; distance++) all[distance] = (all[distance] as number) + weight * (own[Math.abs(distance + shift)] as number);
    }
  return all;
}

/** At distances 0 to `farthest`, by Durbin and Levinson's recursion backwards, then forwards. */
function autoregressionAutocovariances(phi: Float64Array, lags: Int32Array, farthest: number): Float64Array {
  let order = phi.length;
  while (order > 0 && phi[order - 1] === 0) order--;
  const predictors = new Float64Array((order * (order + 1)) / 2);
  const start = (of: number): number => (of * (of - 1)) / 2;
  predictors.set(phi.subarray(0, order), start(order));
  let variance = 1;
  for (let of = order; of > 0; of--) {
    const [row, shorter] = [start(of), start(of - 1)];
    const partial = predictors[row + of - 1] as number;
    const left = 1 - partial * partial;
    // Rounding takes what is near a unit root beyond it.
    variance = left > 0 ? variance / left : Number.NaN;
    for (let lag = 0; lag < of - 1; lag++)
      predictors[shorter + lag] = ((predictors[row + lag] as number) + partial * (predictors[row + of - 2 - lag] as number)) / left;
  }
  const own = new Float64Array(Math.max(farthest, order) + 1);
  own[0] = variance;
  for (let distance = 1; distance <= order; distance++) {
    const row = start(distance);
    let sum = 0;
    for (let lag = 0; lag < distance; lag++) sum += (predictors[row + lag] as number) * (own[distance - 1 - lag] as number);
    own[distance] = sum;
  }
  for (let distance = order + 1; distance <= farthest; distance++) {
    let sum = 0;
    for (const lag of lags) if (lag <= order) sum += (phi[lag - 1] as number) * (own[distance - lag] as number);
    own[distance] = sum;
  }
  return own;
}
