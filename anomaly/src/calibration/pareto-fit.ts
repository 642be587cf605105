/** The generalized Pareto distribution of excesses over a high threshold: P(Y > y) = (1 + xi y / sigma)^(-1/xi), and exp(-y / sigma) at xi = 0. */
import { InputError } from "../input-error.ts";
import { isSample } from "../sample-range.ts";

/** A tail: what lies beyond a threshold. */
export interface Pareto {
  /** xi: above 0 the tail is heavy, below 0 it ends. */
  readonly shape: number;
  /** sigma, in the unit of the excesses. */
  readonly scale: number;
}

/** Below it likelihood has no maximum that is worth anything (R. Smith, 1985). */
const LEAST_SHAPE = -0.5;
/** Where roots are looked for, as x * mean of the excesses: from here up and down in factors of two. */
const FIRST_STEP = 1 / 64;
const STEPS = 14;

/** P(Y > excess). */
export function paretoTail({ shape, scale }: Pareto, excess: number): number {
  if (Math.abs(shape) < 1e-9) return Math.exp(-excess / scale);
  const inside = 1 + (shape * excess) / scale;
  return inside <= 0 ? 0 : Math.exp(-Math.log(inside) / shape);
}

/** The excess that is exceeded with probability `tail`. */
export function paretoQuantile({ shape, scale }: Pareto, tail: number): number {
  return Math.abs(shape) < 1e-9 ? -scale * Math.log(tail) : (scale * Math.expm1(-shape * Math.log(tail))) / shape;
}

/** Log-likelihood of excesses, all above 0 and, of a tail that ends, before its end. */
export function paretoLikelihood({ shape, scale }: Pareto, excesses: Float64Array): number {
  let sum = 0;
  for (const excess of excesses) sum += Math.abs(shape) < 1e-9 ? excess / scale : (1 + 1 / shape) * Math.log1p((shape * excess) / scale);
  return -excesses.length * Math.log(scale) - sum;
}

/**
 * Probability-weighted moments (Hosking and Wallis, 1987), `excesses` in any order, not changed. For shapes below 1. Throws InputError where there is none, or one that is
 * not a number above 0, at most 1e140.
 */
export function fitByMoments(excesses: Float64Array): Pareto {
  check(excesses);
  const sorted = excesses.toSorted();
  const count = sorted.length;
  let mean = 0;
  let weighted = 0;
  sorted.forEach((excess, rank) => {
    mean += excess / count;
    weighted += (excess * (count - 1 - rank)) / (count * Math.max(1, count - 1));
  });
  if (count < 2 || mean === 2 * weighted) return { shape: 0, scale: mean };
  const shape = Math.max(LEAST_SHAPE, 2 - mean / (mean - 2 * weighted));
  return { shape, scale: Math.max(mean * 1e-9, mean * (1 - shape)) };
}

/**
 * Maximum likelihood by S. Grimshaw's reduction to one variable (1993), as in SPOT: with x = xi / sigma, roots of u(x) v(x) = 1 where u is the mean
 * of 1 / (1 + x y) and
 * v is 1 + the mean of log(1 + x y). Among the roots, the exponential and the fit by moments, the likeliest. Shapes
 * below -1/2 are not considered. Throws InputError as fitByMoments does.
 */
export function fitByLikelihood(excesses: Float64Array): Pareto {
  check(excesses);
  let mean = 0;
  let most = 0;
  for (const excess of excesses) {
    mean += excess / excesses.length;
    most = Math.max(most, excess);
  }
  let best: Pareto = { shape: 0, scale: mean };
  let likelihood = paretoLikelihood(best, excesses);
  const consider = (candidate: Pareto): void => {
    const own = candidate.shape >= LEAST_SHAPE && candidate.scale > 0 ? paretoLikelihood(candidate, excesses) : Number.NEGATIVE_INFINITY;
    if (own > likelihood) [best, likelihood] = [candidate, own];
  };
  if (excesses.length < 2) return best;
  consider(fitByMoments(excesses));
  const end = -1 / most;
  let [up, upValue] = [FIRST_STEP / mean, criterion(FIRST_STEP / mean, excesses)];
  let [down, downValue] = [end * FIRST_STEP, criterion(end * FIRST_STEP, excesses)];
  for (let step = 1; step <= STEPS; step++) {
    const nextUp = up * 2;
    const nextUpValue = criterion(nextUp, excesses);
    if (nextUpValue * upValue < 0) consider(paretoAt(root(up, nextUp, upValue, excesses), excesses));
    [up, upValue] = [nextUp, nextUpValue];
    // Half of the way that is left to where log(1 + x y) ends.
    const nextDown = step < 6 ? down * 2 : (down + end) / 2;
    if (nextDown <= end) continue;
    const nextDownValue = criterion(nextDown, excesses);
    if (nextDownValue * downValue < 0) consider(paretoAt(root(down, nextDown, downValue, excesses), excesses));
    [down, downValue] = [nextDown, nextDownValue];
  }
  return best;
}

/** u(x) v(x) - 1. */
function criterion(x: number, excesses: Float64Array): number {
  let inverse = 0;
  let logs = 0;
  for (const excess of excesses) {
    inverse += 1 / (1 + x * excess);
    logs += Math.log1p(x * excess);
  }
  return (inverse / excesses.length) * (1 + logs / excesses.length) - 1;
}

function paretoAt(x: number, excesses: Float64Array): Pareto {
  let logs = 0;
  for (const excess of excesses) logs += Math.log1p(x * excess);
  const shape = logs / excesses.length;
  return { shape, scale: shape / x };
}

/** Where the criterion changes its sign between `a`, where it has `valueAtA`, and `b`: bisection. */
function root(a: number, b: number, valueAtA: number, excesses: Float64Array): number {
  let [low, high] = [a, b];
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    if (criterion(middle, excesses) * valueAtA > 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function check(excesses: Float64Array): void {
  if (excesses.length === 0) throw new InputError("there are no excesses: give at least one");
  const bad = excesses.findIndex((excess) => !(excess > 0 && isSample(excess)));
  if (bad >= 0) throw new InputError(`excess ${bad} is ${excesses[bad]}: give numbers above 0, at most 1e140`);
}
