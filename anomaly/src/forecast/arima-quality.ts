/** How well a model describes the series that it was made from. */

import { type ArimaOrder, coefficientsOf } from "./arima-order.ts";
import type { ArimaSums } from "./arima-plain.ts";

/** Likelihoods are exact and of the samples that differences do not use up, as R gives them; logarithms of densities in the unit of the series. */
export interface ArimaQuality {
  /** All of these are 0 where the noise has variance 0: there is no density then. */
  readonly logLikelihood: number;
  readonly aic: number;
  /** Corrected for short series; what orders are chosen by. The largest number where not a sample is left over. */
  readonly aicc: number;
  readonly bic: number;
  /** Samples with a one-step error. */
  readonly scored: number;
  /** Whether the search for the coefficients ended where nothing was left to gain. */
  readonly converged: boolean;
}

/** The criteria of H. Akaike (1974), C. Hurvich and C.-L. Tsai (1989) and G. Schwarz (1978); the variance of the noise counts as a coefficient. */
export function qualityOf(order: ArimaOrder, variance: number, { squares, logs, scored }: ArimaSums, converged: boolean): ArimaQuality {
  if (variance === 0 || scored === 0) return { logLikelihood: 0, aic: 0, aicc: 0, bic: 0, scored, converged };
  return qualityFrom(order, -(scored * Math.log(2 * Math.PI * variance) + logs + squares / variance) / 2, scored, converged);
}

/** The same from the likelihood. */
export function qualityFrom(order: ArimaOrder, logLikelihood: number, scored: number, converged: boolean): ArimaQuality {
  const known = coefficientsOf(order) + (order.constant ? 1 : 0) + 1;
  const aic = 2 * known - 2 * logLikelihood;
  const spare = scored - known - 1;
  const aicc = spare > 0 ? aic + (2 * known * (known + 1)) / spare : Number.MAX_VALUE;
  return { logLikelihood, aic, aicc, bic: known * Math.log(scored) - 2 * logLikelihood, scored, converged };
}
