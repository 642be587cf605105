/** The coefficients under which a series is most likely. */
import { ArimaLikelihood, differencesOf, type Likelihood } from "./arima-likelihood.ts";
import { type ArimaCoefficients, type ArimaOrder, type ArimaShape, coefficientsOf, shapeOf } from "./arima-order.ts";
import { startingCoefficients } from "./arima-start.ts";
import { coefficientsFrom, freeFrom } from "./arima-transform.ts";
import { type MinimiseParams, type Minimum, minimise } from "./minimise.ts";

export interface ArimaEstimate extends Likelihood {
  readonly coefficients: ArimaCoefficients;
  /** Whether the search ended where nothing was left to gain. */
  readonly converged: boolean;
}

/** A start need not be exact. */
const ROUGH: MinimiseParams = { gradient: 3e-4, gain: 1e-8, steps: 100 };
const ROUGHER: MinimiseParams = { gradient: 3e-3, gain: 1e-6, steps: 25 };
/** Starts are compared on so many samples, or so many seasons: which hill a start lies on shows in few. */
const SCREENED = 1_000;
const SCREENED_SEASONS = 8;
/** So many of the hills are climbed on the whole series. */
const CLIMBED = 3;
/** Of a likelihood: what an exact search may gain over a rough one. */
const WITHIN = 10;
/** Two points of which one is so little more likely for each sample lie on one hill. */
const SAME = 1e-6;

type Objective = (free: Float64Array) => number;

/**
 * `values` without a missing one at the start, scaled to differences of the size of 1. `rough` stops at the least conditional sum of squares; the likelihood is
 * the exact one there. `near` are coefficients of a model of nearly this order, to start from if they are better than what regressions give.
 */
export function estimate(order: ArimaOrder, values: Float64Array, rough: boolean, near?: ArimaCoefficients): ArimaEstimate {
  const shape = shapeOf(order);
  const likelihood = new ArimaLikelihood(shape, values);
  const quick = objectiveOf(order, likelihood, true);
  const exact = objectiveOf(order, likelihood, false);
  const white = { point: new Float64Array(coefficientsOf(order)) };
  const starts = [freeFrom(startingCoefficients(order, differencesOf(shape, values))), white.point];
  if (near !== undefined) starts.push(freeFrom(fitted(order, near)));
  if (rough) return finished(order, likelihood, minimise(quick, leastOf(starts, quick), ROUGH));
  const hills = screened(shape, values, quick, severalHills(order) ? [...starts, ...typical(order)] : starts);
  const sketches = hills.map(({ point, inverse }) => minimise(quick, point, { ...ROUGH, inverse }));
  return finished(order, likelihood, climb(exact, [...sketches, ...hills.slice(0, 1), white], values.length));
}

function finished(order: ArimaOrder, likelihood: ArimaLikelihood, search: Minimum): ArimaEstimate {
  const coefficients = coefficientsFrom(order, search.point);
  return { ...likelihood.at(coefficients), coefficients, converged: search.converged };
}

/** Half the logarithm of the noise's variance, and what the start adds: of the size of 1 however long the series is. */
function objectiveOf(order: ArimaOrder, likelihood: ArimaLikelihood, conditional: boolean): Objective {
  return (free) => {
    const { logLikelihood, scored } = likelihood.at(coefficientsFrom(order, free), conditional);
    return -logLikelihood / scored;
  };
}

/** The exact search from the best of the points, and from each other that turns out better after a few steps. */
function climb(exact: Objective, points: readonly Start[], samples: number): Minimum {
  const [first, ...others] = points.map((start) => ({ ...start, value: exact(start.point) })).sort(byValue) as [Minimum, ...Minimum[]];
  let best = minimise(exact, first.point, { inverse: first.inverse });
  let before = first.value;
  for (const { point, value, inverse } of others) {
    if (value - before < SAME || value - best.value > WITHIN / samples) continue;
    before = value;
    const tried = minimise(exact, point, { ...ROUGH, inverse });
    if (tried.value < best.value - SAME) best = minimise(exact, tried.point, { inverse: tried.inverse });
  }
  return best;
}

interface Start {
  readonly point: Float64Array;
  readonly inverse?: Float64Array;
}

/** Infinities are alike. */
const byValue = (one: { readonly value: number }, other: { readonly value: number }): number => Math.sign(one.value - other.value) || 0;

/** Squares of a pure autoregression have one valley; so does a single coefficient, nearly always. */
function severalHills({ q, Q, ...order }: ArimaOrder): boolean {
  return q + Q > 0 && coefficientsOf({ q, Q, ...order }) > 1;
}

function leastOf(points: readonly Float64Array[], objective: Objective): Float64Array {
  const found = points.map((point) => ({ point, value: objective(point) })).sort(byValue);
  return (found[0] as { readonly point: Float64Array }).point;
}

/** Where a short climb on the end of the series leads from each start: the best of them, as the whole series has it. A likelihood has several hills. */
function screened(shape: ArimaShape, values: Float64Array, quick: Objective, starts: readonly Float64Array[]): Minimum[] {
  const length = Math.max(SCREENED, SCREENED_SEASONS * shape.order.m);
  const end = values.subarray(Math.max(0, values.length - length));
  const onEnd =
    end.some((value) => !Number.isNaN(value)) && end.length > 2 * shape.states ? objectiveOf(shape.order, new ArimaLikelihood(shape, end), true) : quick;
  const climbed = starts.map((start) => minimise(onEnd, start, ROUGHER));
  const found = climbed.map((each) => ({ ...each, value: quick(each.point) })).sort(byValue);
  const hills: Minimum[] = [];
  for (const each of found) if (hills.length < CLIMBED && !hills.some(({ value }) => Math.abs(value - each.value) < 10 * SAME)) hills.push(each);
  return hills;
}

/**
 * Models that are often met: a slow level under noise, slow waves, a series that swings back and forth, one that was differenced once too often; each with a
 * season that changes slowly.
 */
function typical({ p, d, q, P, D, Q }: ArimaOrder): Float64Array[] {
  const partials: readonly (readonly [ar: readonly number[], ma: readonly number[]])[] = [
    [[0.95], [0.5]],
    [[0.9, -0.6], [0.7]],
    [
      [0.95, -0.6],
      [0.95, -0.4],
    ],
    [[-0.6], [-0.5]],
    ...(d + D > 0
      ? [
          [
            [0.9, -0.25],
            [0.99, -0.5],
          ] as const,
        ]
      : []),
  ];
  const free = (given: readonly number[], count: number): number[] =>
    Array.from({ length: count }, (_, index) => (given[index] ?? 0) / Math.sqrt(1 - (given[index] ?? 0) ** 2));
  return partials.map(([ar, ma]) => Float64Array.of(...free(ar, p), ...free(ma, q), ...free([0.7], P), ...free([0.5], Q)));
}

/** Coefficients with as many terms as the order has: cut, or with zeros more. */
function fitted({ p, q, P, Q }: ArimaOrder, { ar, ma, seasonalAr, seasonalMa }: ArimaCoefficients): ArimaCoefficients {
  const sized = (values: Float64Array, length: number): Float64Array => Float64Array.from({ length }, (_, index) => values[index] ?? 0);
  return { ar: sized(ar, p), ma: sized(ma, q), seasonalAr: sized(seasonalAr, P), seasonalMa: sized(seasonalMa, Q) };
}
