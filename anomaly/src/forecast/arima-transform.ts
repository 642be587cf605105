/**
 * Any numbers to coefficients of a stationary autoregression or an invertible moving average, and back: numbers to partial autocorrelations in
 * (-1, 1), those to coefficients (J. F. Monahan, A note on enforcing stationarity in autoregressive-moving average models, Biometrika 71, 1984).
 */
import type { ArimaCoefficients, ArimaOrder } from "./arima-order.ts";

/** Of a free number that stands for a partial autocorrelation of 1 - 5e-7: nearer to the edge a likelihood says nothing. */
const FARTHEST = 1_000;

/** Autoregressive coefficients with the given partial autocorrelations, by Durbin and Levinson's recursion. */
export function fromPartials(partials: Float64Array): Float64Array {
  const coefficients = new Float64Array(partials.length);
  const before = new Float64Array(partials.length);
  for (let order = 0; order < partials.length; order++) {
    const partial = partials[order] as number;
    before.set(coefficients);
    for (let lag = 0; lag < order; lag++) coefficients[lag] = (before[lag] as number) - partial * (before[order - 1 - lag] as number);
    coefficients[order] = partial;
  }
  return coefficients;
}

/** The partial autocorrelations of an autoregression; undefined where it is not stationary. */
export function toPartials(coefficients: Float64Array): Float64Array | undefined {
  const partials = new Float64Array(coefficients.length);
  let current = coefficients.slice();
  for (let order = coefficients.length - 1; order >= 0; order--) {
    const partial = current[order] as number;
    if (!(Math.abs(partial) < 1)) return undefined;
    partials[order] = partial;
    const shorter = new Float64Array(order);
    for (let lag = 0; lag < order; lag++) shorter[lag] = ((current[lag] as number) + partial * (current[order - 1 - lag] as number)) / (1 - partial * partial);
    current = shorter;
  }
  return partials;
}

function constrained(free: Float64Array): Float64Array {
  return fromPartials(
    free.map((each) => {
      const x = Math.max(-FARTHEST, Math.min(FARTHEST, each));
      return x / Math.sqrt(1 + x * x);
    }),
  );
}

/** Pulls the roots outward, a tenth at a time, until the polynomial is stationary by a margin. */
function freed(coefficients: Float64Array): Float64Array {
  const pulled = coefficients.map((each) => (Number.isFinite(each) ? each : 0));
  for (let tries = 0; tries < 100; tries++) {
    const partials = toPartials(pulled);
    if (partials?.every((each) => Math.abs(each) < 0.98)) return partials.map((r) => r / Math.sqrt(1 - r * r));
    for (let lag = 0; lag < pulled.length; lag++) pulled[lag] = (pulled[lag] as number) * 0.9 ** (lag + 1);
  }
  return new Float64Array(coefficients.length);
}

const negated = (values: Float64Array): Float64Array => values.map((value) => -value);

/** Free numbers in the order ar, ma, seasonal ar, seasonal ma. */
export function coefficientsFrom({ p, q, P, Q }: ArimaOrder, free: Float64Array): ArimaCoefficients {
  return {
    ar: constrained(free.subarray(0, p)),
    ma: negated(constrained(free.subarray(p, p + q))),
    seasonalAr: constrained(free.subarray(p + q, p + q + P)),
    seasonalMa: negated(constrained(free.subarray(p + q + P, p + q + P + Q))),
  };
}

/** The free numbers of these coefficients, or of the nearest stationary and invertible ones in the direction of white noise. */
export function freeFrom({ ar, ma, seasonalAr, seasonalMa }: ArimaCoefficients): Float64Array {
  return Float64Array.of(...freed(ar), ...freed(negated(ma)), ...freed(seasonalAr), ...freed(negated(seasonalMa)));
}
