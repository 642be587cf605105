/** Where the search for coefficients starts: E. Hannan and J. Rissanen, Recursive estimation of mixed autoregressive-moving average order (1982). */
import type { ArimaCoefficients, ArimaOrder } from "./arima-order.ts";

/** Coefficients by two regressions: on the series' own past, then on that and the errors of the first. Zeros where the series is too short. */
export function startingCoefficients({ p, q, P, Q, m }: ArimaOrder, differenced: Float64Array): ArimaCoefficients {
  const series = filled(differenced);
  const none: ArimaCoefficients = { ar: new Float64Array(p), ma: new Float64Array(q), seasonalAr: new Float64Array(P), seasonalMa: new Float64Array(Q) };
  if (p + q + P + Q === 0) return none;
  const own = [...lagsTo(p, 1), ...lagsTo(P, m)];
  const ofErrors = [...lagsTo(q, 1), ...lagsTo(Q, m)];
  const short = Math.min(Math.max(p, q) * 2 + 4, m > 1 ? m - 1 : 24);
  const long = [...lagsTo(short, 1), ...lagsTo(Math.max(P, Q) > 0 ? Math.max(P, Q) + 1 : 0, m)];
  let errors = new Float64Array(series.length);
  if (ofErrors.length > 0) {
    const first = regress(series, [{ of: series, lags: long }]);
    if (first === undefined) return none;
    errors = first.errors;
  }
  const second = regress(series, [
    { of: series, lags: own },
    { of: errors, lags: ofErrors },
  ]);
  if (second === undefined) return none;
  const take = (from: number, count: number): Float64Array => second.coefficients.slice(from, from + count);
  return { ar: take(0, p), seasonalAr: take(p, P), ma: take(p + P, q), seasonalMa: take(p + P + q, Q) };
}

const lagsTo = (count: number, distance: number): number[] => Array.from({ length: count }, (_, index) => (index + 1) * distance);

/** The series less its mean, without what is missing at its start; a gap is bridged by its last value. */
function filled(differenced: Float64Array): Float64Array {
  const start = differenced.findIndex((value) => !Number.isNaN(value));
  const series = differenced.slice(Math.max(start, 0));
  let sum = 0;
  for (let time = 0; time < series.length; time++) {
    if (Number.isNaN(series[time])) series[time] = series[time - 1] ?? 0;
    sum += series[time] as number;
  }
  return series.map((value) => value - sum / series.length);
}

interface Regressor {
  readonly of: Float64Array;
  readonly lags: readonly number[];
}

/** Least squares of a series on lagged others; undefined where there are too few samples or nothing to tell them apart. */
function regress(series: Float64Array, regressors: readonly Regressor[]): { coefficients: Float64Array; errors: Float64Array<ArrayBuffer> } | undefined {
  const terms = regressors.flatMap(({ of, lags }) => lags.map((lag) => ({ of, lag })));
  const size = terms.length;
  const from = terms.reduce((most, { lag }) => Math.max(most, lag), 0);
  if (series.length - from < 2 * size + 4) return undefined;
  const normal = new Float64Array(size * (size + 1));
  const row = new Float64Array(size);
  for (let time = from; time < series.length; time++) {
    for (let term = 0; term < size; term++) row[term] = laggedAt(terms, term, time);
    const target = series[time] as number;
    for (let one = 0; one < size; one++) {
      const left = row[one] as number;
      const base = one * (size + 1);
      for (let other = one; other < size; other++) normal[base + other] = (normal[base + other] as number) + left * (row[other] as number);
      normal[base + size] = (normal[base + size] as number) + left * target;
    }
  }
  const coefficients = solve(normal, size);
  if (coefficients === undefined) return undefined;
  const errors = new Float64Array(series.length);
  for (let time = from; time < series.length; time++) {
    let expected = 0;
    for (let term = 0; term < size; term++) expected += (coefficients[term] as number) * laggedAt(terms, term, time);
    errors[time] = (series[time] as number) - expected;
  }
  return { coefficients, errors };
}

function laggedAt(terms: readonly { readonly of: Float64Array; readonly lag: number }[], term: number, time: number): number {
  const { of, lag } = terms[term] as { of: Float64Array; lag: number };
  return of[time - lag] as number;
}

/** Cholesky's method on the upper triangle of rows of `size` + 1, the last entry the right-hand side. */
function solve(normal: Float64Array, size: number): Float64Array | undefined {
  const width = size + 1;
  for (let row = 0; row < size; row++) {
    const scale = normal[row * width + row] as number;
    for (let above = 0; above < row; above++) {
      const factor = normal[above * width + row] as number;
      for (let column = row; column < width; column++)
        normal[row * width + column] = (normal[row * width + column] as number) - factor * (normal[above * width + column] as number);
    }
    const pivot = normal[row * width + row] as number;
    if (!(pivot > 1e-10 * scale)) return undefined;
    const root = Math.sqrt(pivot);
    for (let column = row; column < width; column++) normal[row * width + column] = (normal[row * width + column] as number) / root;
  }
  const solution = new Float64Array(size);
  for (let row = size - 1; row >= 0; row--) {
    let sum = normal[row * width + size] as number;
    for (let column = row + 1; column < size; column++) sum -= (normal[row * width + column] as number) * (solution[column] as number);
    solution[row] = sum / (normal[row * width + row] as number);
  }
  return solution;
}
