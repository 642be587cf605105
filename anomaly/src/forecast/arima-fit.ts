/** The coefficients under which a series is most likely. */
import { ArimaLikelihood, differencesOf, type Likelihood } from "./arima-likelihood.ts";
import { type ArimaCoefficients, type ArimaOrder, coefficientsOf, shapeOf } from "./arima-order.ts";
import { startingCoefficients } from "./arima-start.ts";
import { coefficientsFrom, freeFrom } from "./arima-transform.ts";
import { type MinimiseParams, minimise } from "./minimise.ts";

export interface ArimaEstimate extends Likelihood {
  readonly coefficients: ArimaCoefficients;
  /** Whether the search ended where nothing was left to gain. */
  readonly converged: boolean;
  /** How often a likelihood was computed, those of the start among them. */
  readonly asked: number;
}

/** A start need not be exact. */
const ROUGH: MinimiseParams = { gradient: 3e-4, gain: 1e-8, steps: 100 };

/**
 * `values` without a missing one at the start, scaled to differences of the size of 1. `rough` stops at the least conditional sum of squares; the likelihood is the exact one there. `near` are
 * coefficients of a model of nearly this order, to start from if they are better than what regressions give.
 */
export function estimate(order: ArimaOrder, values: Float64Array, rough: boolean, near?: ArimaCoefficients): ArimaEstimate {
  const shape = shapeOf(order);
  const likelihood = new ArimaLikelihood(shape, values);
  /** Half the logarithm of the noise's variance, and what the start adds: of the size of 1 however long the series is. */
  const objective =
    (conditional: boolean) =>
    (free: Float64Array): number => {
      const { logLikelihood, scored } = likelihood.at(coefficientsFrom(order, free), conditional);
      return -logLikelihood / scored;
    };
  const starts = [freeFrom(startingCoefficients(order, differencesOf(shape, values))), new Float64Array(coefficientsOf(order))];
  if (near !== undefined) starts.push(freeFrom(fitted(order, near)));
  const quick = objective(true);
  const first = starts.reduce((best, start) => (quick(start) < quick(best) ? start : best));
  const sketch = minimise(quick, first, ROUGH);
  const exact = objective(false);
  const search = rough ? sketch : minimise(exact, exact(sketch.point) <= exact(first) ? sketch.point : first);
  const coefficients = coefficientsFrom(order, search.point);
  return { ...likelihood.at(coefficients), coefficients, converged: search.converged, asked: search.asked + sketch.asked };
}

/** Coefficients with as many terms as the order has: cut, or with zeros more. */
function fitted({ p, q, P, Q }: ArimaOrder, { ar, ma, seasonalAr, seasonalMa }: ArimaCoefficients): ArimaCoefficients {
  const sized = (values: Float64Array, length: number): Float64Array => Float64Array.from({ length }, (_, index) => values[index] ?? 0);
  return { ar: sized(ar, p), ma: sized(ma, q), seasonalAr: sized(seasonalAr, P), seasonalMa: sized(seasonalMa, Q) };
}
