/** The order of a model from the series itself: R. Hyndman and Y. Khandakar, Automatic time series forecasting (Journal of Statistical Software 27, 2008). */

import { InputError } from "../input-error.ts";
import { Arima } from "./arima.ts";
import { differenced, differencesNeeded, seasonalDifferencesNeeded } from "./arima-differences.ts";
import { estimate } from "./arima-fit.ts";
import { type ArimaCoefficients, type ArimaOrder, type ArimaParams, arimaOrder } from "./arima-order.ts";
import { qualityFrom } from "./arima-quality.ts";
import { scaledSeries } from "./arima-series.ts";
import { toPartials } from "./arima-transform.ts";

export interface SelectParams {
  /** Samples of one season; 1, no season, unless told. */
  readonly season?: number;
  /** Most p and q; 5 unless told. */
  readonly most?: number;
  /** Most P and Q; 2 unless told. */
  readonly mostSeasonal?: number;
  /** Differences; found by the KPSS test unless told. */
  readonly d?: number;
  /** Seasonal differences; found by the strength of the season unless told. */
  readonly D?: number;
  /**
   * Whether a drift is looked for where something is differenced. false unless told, unlike `forecast::auto.arima`: a line that goes on for ever is seldom what
   * a monitored series does, and without it forecasts of the cloud-monitoring set were nearer far ahead and as near at the next step.
   */
  readonly drift?: boolean;
  /**
   * Whether orders are compared with coefficients from the conditional sum of squares (the likelihood is the exact one at these); the chosen one is fitted
   * exactly in any case. Unless told, for series of more than 150 samples or seasons of more than 12, as `forecast::auto.arima`.
   */
  readonly rough?: boolean;
}

/** Orders looked at, at most: as in `forecast::auto.arima`. */
const MOST_MODELS = 94;
/** A model with a root nearer to the unit circle than this is not taken: its forecasts hang on rounding. */
const NEAREST_ROOT = 1.01;

type Candidate = Pick<ArimaOrder, "p" | "q" | "P" | "Q" | "constant">;

/** Fits the model with the least corrected criterion of Akaike that a stepwise search finds. Throws InputError as `Arima.fit` does. */
export function selectArima(series: Float64Array, { season = 1, most = 5, mostSeasonal = 2, d, D, drift = false, rough }: SelectParams = {}): Arima {
  if (!Number.isInteger(season) || season < 1) throw new InputError(`season is ${season}: give the samples of one season, or 1 where there is none`);
  const seasonal = season > 1 && series.length >= 3 * season;
  const seasonalDifferences = seasonal ? (D ?? seasonalDifferencesNeeded(series, season)) : 0;
  const level = seasonalDifferences > 0 ? differenced(series, season) : series;
  const differences = d ?? Math.min(differencesNeeded(level), 2 - seasonalDifferences);
  const paramsOf = ({ p, q, P, Q, constant }: Candidate): ArimaParams => ({
    order: [p, differences, q],
    seasonal: [P, seasonalDifferences, Q, seasonal ? season : 1],
    constant,
  });
  const quick = rough ?? (series.length > 150 || season > 12);
  const judge = (candidate: Candidate, near: ArimaCoefficients | undefined): Judged => judged(arimaOrder(paramsOf(candidate)), series, quick, near);
  const withConstant = differences + seasonalDifferences <= (drift ? 1 : 0);
  const best = search(judge, seasonal, withConstant, seasonal ? Math.min(most, season - 1) : most, seasonal ? mostSeasonal : 0);
  return Arima.fit(series, paramsOf(best));
}

interface Judged {
  /** Infinite for an order that the series is too short for, or whose model stands at the edge. */
  readonly criterion: number;
  readonly coefficients?: ArimaCoefficients;
}

function judged(order: ArimaOrder, series: Float64Array, quick: boolean, near: ArimaCoefficients | undefined): Judged {
  try {
    const { values, flat, scale } = scaledSeries(order, series);
    if (flat) return { criterion: order.p + order.q + order.P + order.Q === 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY };
    const { coefficients, logLikelihood, scored, converged } = estimate(order, values, quick, near);
    const { ar, ma, seasonalAr, seasonalMa } = coefficients;
    const clear = [ar, seasonalAr, ma.map((each) => -each), seasonalMa.map((each) => -each)].every(isClear);
    const { aicc } = qualityFrom(order, logLikelihood - scored * Math.log(scale), scored, converged);
    return { criterion: clear ? aicc : Number.POSITIVE_INFINITY, coefficients };
  } catch (error) {
    if (error instanceof InputError) return { criterion: Number.POSITIVE_INFINITY };
    throw error;
  }
}

/** Whether all roots lie outside the circle of radius `NEAREST_ROOT`. */
function isClear(coefficients: Float64Array): boolean {
  return toPartials(coefficients.map((each, lag) => each * NEAREST_ROOT ** (lag + 1))) !== undefined;
}

/** From four orders, or what is best of them, to better neighbours until there is none. */
function search(
  judge: (candidate: Candidate, near: ArimaCoefficients | undefined) => Judged,
  seasonal: boolean,
  mayHaveConstant: boolean,
  most: number,
  mostSeasonal: number,
): Candidate {
  const asked = new Set<string>();
  const s = seasonal && mostSeasonal > 0 ? 1 : 0;
  const c = mayHaveConstant;
  let best: Candidate = { p: 0, q: 0, P: 0, Q: 0, constant: c };
  let least: Judged = { criterion: Number.POSITIVE_INFINITY };
  const better = (candidate: Candidate): boolean => {
    const { p, q, P, Q, constant } = candidate;
    const key = [p, q, P, Q, constant].join();
    if (Math.min(p, q, P, Q) < 0 || Math.max(p, q) > most || Math.max(P, Q) > mostSeasonal || (constant && !c)) return false;
    if (asked.has(key) || asked.size >= MOST_MODELS) return false;
    asked.add(key);
    const found = judge(candidate, least.coefficients);
    if (!(found.criterion < least.criterion)) return false;
    best = candidate;
    least = found;
    return true;
  };
  const two = Math.min(2, most);
  const one = Math.min(1, most);
  better({ p: two, q: two, P: s, Q: s, constant: c });
  better({ p: 0, q: 0, P: 0, Q: 0, constant: c });
  better({ p: one, q: 0, P: s, Q: 0, constant: c });
  better({ p: 0, q: one, P: 0, Q: s, constant: c });
  if (c) better({ p: 0, q: 0, P: 0, Q: 0, constant: false });
  while (neighboursOf(best).some(better));
  return best;
}

/** As in `forecast::auto.arima`: one term more or less, two of a kind at once, the constant in or out. */
function neighboursOf(from: Candidate): Candidate[] {
  const { p, q, P, Q } = from;
  const moves: Partial<Candidate>[] = [];
  for (const change of [-1, 1]) moves.push({ P: P + change }, { Q: Q + change }, { P: P + change, Q: Q + change }, { P: P + change, Q: Q - change });
  for (const change of [-1, 1]) moves.push({ p: p + change }, { q: q + change }, { p: p + change, q: q + change }, { p: p + change, q: q - change });
  moves.push({ constant: !from.constant });
  return moves.map((move) => ({ ...from, ...move }));
}
