/** Everything that a seasonal ARIMA model is but its order and its past. */
import { InputError } from "../input-error.ts";
import { type ArimaCoefficients, type ArimaOrder, nameOfOrder } from "./arima-order.ts";
import { toPartials } from "./arima-transform.ts";

export interface ArimaValues extends ArimaCoefficients {
  /** Mean of the differenced series: the level, or the drift per sample (per season where only the season is differenced). 0 where the order has none. */
  readonly constant: number;
  /** Variance of the noise, in the squared unit of the series. 0 for a series whose differences are all alike: its forecasts have no width. */
  readonly variance: number;
}

/** Throws InputError for values that are not those of a stationary, invertible model of this order. */
export function checkValues(order: ArimaOrder, { ar, ma, seasonalAr, seasonalMa, constant, variance }: ArimaValues): void {
  const found = [ar.length, ma.length, seasonalAr.length, seasonalMa.length].join(", ");
  const wanted = [order.p, order.q, order.P, order.Q].join(", ");
  if (found !== wanted) throw new InputError(`${nameOfOrder(order)} has ${wanted} coefficients (ar, ma, seasonalAr, seasonalMa), got ${found}`);
  if (!Number.isFinite(constant) || (constant !== 0 && !order.constant))
    throw new InputError(`the constant is ${constant}: give a number, and 0 to ${nameOfOrder(order)}, which has ${order.constant ? "one" : "none"}`);
  if (!(variance >= 0 && Number.isFinite(variance))) throw new InputError(`the variance of the noise is ${variance}: give a number from 0`);
  const negated = (values: Float64Array): Float64Array => values.map((value) => -value);
  for (const [name, polynomial] of Object.entries({ ar, ma: negated(ma), seasonalAr, seasonalMa: negated(seasonalMa) }))
    if (toPartials(polynomial) === undefined) throw new InputError(`${name} has a root on or within the unit circle: give a stationary, invertible model`);
}

export function noCoefficients({ p, q, P, Q }: ArimaOrder): ArimaCoefficients {
  return { ar: new Float64Array(p), ma: new Float64Array(q), seasonalAr: new Float64Array(P), seasonalMa: new Float64Array(Q) };
}
