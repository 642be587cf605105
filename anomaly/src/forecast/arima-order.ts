/** The order of a seasonal ARIMA model, and where its coefficients stand in the two products of polynomials. */
import { InputError } from "../input-error.ts";

/** SARIMA(p,d,q)(P,D,Q)m, as in G. Box and G. Jenkins, Time Series Analysis. */
export interface ArimaOrder {
  /** Autoregressive terms, differences and moving-average terms. */
  readonly p: number;
  readonly d: number;
  readonly q: number;
  /** The same at the distance of one season. */
  readonly P: number;
  readonly D: number;
  readonly Q: number;
  /** Samples of one season; 1 where there is none. */
  readonly m: number;
  /** Whether the (differenced) series has a mean other than 0: a level without differences, a drift with one. */
  readonly constant: boolean;
}

export interface ArimaParams {
  /** p, d, q; (1, 0, 0) where left out, as in statsmodels. */
  readonly order?: readonly [p: number, d: number, q: number];
  /** P, D, Q and samples of one season; no season where left out. */
  readonly seasonal?: readonly [P: number, D: number, Q: number, m: number];
  /** Whether a mean of the differenced series is estimated; unless told, only where nothing is differenced, as in statsmodels and R. */
  readonly constant?: boolean;
}

/** More than this is no forecast but a copy of the past; it also bounds what one fit may cost. */
const MOST_TERMS = 32;
const MOST_LAGS = 10_000;

/** Throws InputError for an order that no series could have. */
export function arimaOrder({ order = [1, 0, 0], seasonal = [0, 0, 0, 1], constant }: ArimaParams = {}): ArimaOrder {
  const [p, d, q] = order;
  const [P, D, Q, m] = seasonal;
  for (const [name, value, most] of [
    ["p", p, MOST_TERMS],
    ["d", d, 2],
    ["q", q, MOST_TERMS],
    ["P", P, 4],
    ["D", D, 1],
    ["Q", Q, 4],
    ["m", m, MOST_LAGS],
  ] as const)
    if (!Number.isInteger(value) || value < 0 || value > most) throw new InputError(`${name} is ${value}: give a whole number from 0 to ${most}`);
  if (P + D + Q > 0 && m < 2) throw new InputError(`a seasonal order needs a season of 2 samples or more, m is ${m}`);
  if (P + D + Q > 0 && (p >= m || q >= m)) throw new InputError(`p and q are ${p} and ${q}: they must be less than the season of ${m} samples`);
  return { p, d, q, P, D, Q, m: P + D + Q > 0 ? m : 1, constant: constant ?? d + D === 0 };
}

/** SARIMA(1,0,1)(1,0,0)24 with constant, as people write it. */
export function nameOfOrder({ p, d, q, P, D, Q, m, constant }: ArimaOrder): string {
  const seasonal = m > 1 ? `(${P},${D},${Q})${m}` : "";
  return `${m > 1 ? "SARIMA" : "ARIMA"}(${p},${d},${q})${seasonal}${constant ? (d + D > 0 ? " with drift" : " with mean") : ""}`;
}

/** How many coefficients of autoregression and moving average there are. */
export function coefficientsOf({ p, q, P, Q }: ArimaOrder): number {
  return p + q + P + Q;
}

/** Samples that the differences use up. */
export function lostToDifferences({ d, D, m }: ArimaOrder): number {
  return d + D * m;
}

/** `p` of autoregression, `q` of moving average, `P` and `Q` of the season, signs as in y(t) = ar y(t-1) + e(t) + ma e(t-1). */
export interface ArimaCoefficients {
  readonly ar: Float64Array;
  readonly ma: Float64Array;
  readonly seasonalAr: Float64Array;
  readonly seasonalMa: Float64Array;
}

/** The multiplied polynomials: lags at which a coefficient may be other than 0, in rising order, and room for the coefficients. */
export interface ArimaShape {
  readonly order: ArimaOrder;
  readonly lags: Int32Array;
  /** Length of the ARMA state: the longest lag, 1 at least. */
  readonly states: number;
  /** y(t) = w(t) + sum of `difference[k]` y(t - differenceLags[k]), where w is the differenced series. */
  readonly differenceLags: Int32Array;
  readonly difference: Float64Array;
}

export function shapeOf(order: ArimaOrder): ArimaShape {
  const { p, d, q, P, D, Q, m } = order;
  const lags = new Set<number>();
  for (let season = 0; season <= P; season++) for (let lag = 0; lag <= p; lag++) lags.add(lag + season * m);
  for (let season = 0; season <= Q; season++) for (let lag = 0; lag <= q; lag++) lags.add(lag + season * m);
  lags.delete(0);
  const sorted = Int32Array.from(lags).sort();
  let polynomial = Float64Array.of(1);
  for (let count = 0; count < d; count++) polynomial = differenced(polynomial, 1);
  for (let count = 0; count < D; count++) polynomial = differenced(polynomial, m);
  const differenceLags = [...polynomial.keys()].filter((lag) => lag > 0 && polynomial[lag] !== 0);
  return {
    order,
    lags: sorted,
    states: Math.max(sorted.at(-1) ?? 0, 1),
    differenceLags: Int32Array.from(differenceLags),
    difference: Float64Array.from(differenceLags, (lag) => -(polynomial[lag] as number)),
  };
}

/** The polynomial times (1 - B^lag). */
function differenced(polynomial: Float64Array, lag: number): Float64Array<ArrayBuffer> {
  const product = new Float64Array(polynomial.length + lag);
  for (let index = 0; index < polynomial.length; index++) {
    product[index] = (product[index] as number) + (polynomial[index] as number);
    product[index + lag] = (product[index + lag] as number) - (polynomial[index] as number);
  }
  return product;
}

/** Multiplies season and non-season out: `phi` and `theta` get the coefficients at lags 1 to `states`. */
export function multiplyOut(
  { order, states }: ArimaShape,
  { ar, ma, seasonalAr, seasonalMa }: ArimaCoefficients,
  phi: Float64Array,
  theta: Float64Array,
): void {
  const { m } = order;
  phi.fill(0, 0, states);
  theta.fill(0, 0, states);
  for (let season = 0; season <= seasonalAr.length; season++) {
    const outer = season === 0 ? -1 : (seasonalAr[season - 1] as number);
    for (let lag = 0; lag <= ar.length; lag++) {
      const at = season * m + lag - 1;
      const inner = lag === 0 ? -1 : (ar[lag - 1] as number);
      if (at >= 0) phi[at] = (phi[at] as number) - outer * inner;
    }
  }
  for (let season = 0; season <= seasonalMa.length; season++) {
    const outer = season === 0 ? 1 : (seasonalMa[season - 1] as number);
    for (let lag = 0; lag <= ma.length; lag++) {
      const at = season * m + lag - 1;
      const inner = lag === 0 ? 1 : (ma[lag - 1] as number);
      if (at >= 0) theta[at] = (theta[at] as number) + outer * inner;
    }
  }
}
