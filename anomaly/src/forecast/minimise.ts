/** The least value of a smooth function of a few free numbers: BFGS on central differences, Nelder and Mead's simplex where that gets stuck. */

export interface Minimum {
  readonly point: Float64Array;
  readonly value: number;
  /** How often the function was asked. */
  readonly asked: number;
  readonly converged: boolean;
  /** The inverse of the curvature as far as it was met, row after row: a search of a like function may start with it. */
  readonly inverse: Float64Array;
}

export interface MinimiseParams {
  /** Ends where no entry of the gradient is larger. 1e-6 unless told: the function is meant to be of the size of 1. */
  readonly gradient?: number;
  /** Ends where a step gains less. 1e-11 unless told. */
  readonly gain?: number;
  /** From a search of a function of like curvature; that of a plain bowl unless told. */
  readonly inverse?: Float64Array;
  /** Steps at most; 200 unless told. */
  readonly steps?: number;
}

/** Slopes from which differences to one side do; a search for less ends with differences to both. */
const STEEP = 1e-3;
const ROUGH = 1e-4;

type Objective = (point: Float64Array) => number;

/** J. Nocedal and S. Wright, Numerical Optimization (2006), algorithm 6.1 with backtracking. A value that is no number counts as infinitely bad. */
export function minimise(objective: Objective, start: Float64Array, { gradient = 1e-6, gain = 1e-11, steps = 200, inverse }: MinimiseParams = {}): Minimum {
  let asked = 0;
  const ask: Objective = (point) => {
    asked++;
    const value = objective(point);
    return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
  };
  let search = descend(ask, start, gradient, gain, steps, inverse);
  if (search.stuck) {
    const simplex = simplexFrom(ask, search.point, gain, 200 * start.length);
    if (simplex.value < search.value - gain) search = descend(ask, simplex.point, gradient, gain, steps);
  }
  const { stuck: _, ...found } = search;
  return { ...found, asked };
}

/** A place and what the function is there. */
interface Found {
  readonly point: Float64Array;
  readonly value: number;
}

interface Search {
  readonly point: Float64Array;
  readonly value: number;
  readonly converged: boolean;
  readonly inverse: Float64Array;
  /** Whether no step downhill leads down. */
  readonly stuck: boolean;
}

function descend(ask: Objective, start: Float64Array, smallGradient: number, smallGain: number, steps: number, known?: Float64Array): Search {
  const size = start.length;
  let point: Float64Array = start.slice();
  let value = ask(point);
  let inverse: Float64Array = known?.slice() ?? new Float64Array(0);
  const ended = (converged: boolean, stuck = false): Search => ({ point, value, converged, inverse, stuck });
  if (size === 0) return ended(true);
  let slope = slopeAt(ask, point, value);
  let fresh = known === undefined;
  if (fresh) inverse = identity(size, 1 / Math.max(1, norm(slope)));
  for (let step = 0; step < steps; step++) {
    if (largest(slope) < smallGradient) return ended(true);
    let direction = times(inverse, slope, -1);
    let fall = dot(direction, slope);
    if (!(fall < 0)) {
      inverse = identity(size, 1 / Math.max(1, norm(slope)));
      fresh = true;
      direction = times(inverse, slope, -1);
      fall = dot(direction, slope);
    }
    const found = backtrack(ask, point, value, direction, fall);
    if (found === undefined) {
      if (fresh) {
        const flat = largest(slope) < 1e3 * smallGradient;
        return ended(flat, !flat);
      }
      inverse = identity(size, 1 / Math.max(1, norm(slope)));
      fresh = true;
      continue;
    }
    const gained = value - found.value;
    const slopeThere = slopeAt(ask, found.point, largest(slope) > STEEP || smallGradient > ROUGH ? found.value : undefined);
    const moved = found.point.map((each, index) => each - (point[index] as number));
    const turned = slopeThere.map((each, index) => each - (slope[index] as number));
    const curvature = dot(moved, turned);
    if (curvature > 1e-12 * norm(moved) * norm(turned)) {
      if (fresh) inverse = identity(size, curvature / dot(turned, turned));
      update(inverse, moved, turned, curvature);
      fresh = false;
    }
    point = found.point;
    value = found.value;
    slope = slopeThere;
    if (gained < smallGain) return ended(true);
  }
  return ended(false);
}

/** Armijo's rule; each step is shortened by the parabola through what is known, between a tenth and a half. */
function backtrack(ask: Objective, point: Float64Array, value: number, direction: Float64Array, fall: number): Found | undefined {
  let length = Math.min(1, 4 / largest(direction));
  for (let tries = 0; tries < 40; tries++) {
    const there = point.map((each, index) => each + length * (direction[index] as number));
    const found = ask(there);
    if (found <= value + 1e-4 * length * fall) return { point: there, value: found };
    const parabola = (-fall * length) / (2 * (found - value - fall * length));
    length *= Number.isFinite(parabola) ? Math.min(0.5, Math.max(0.1, parabola)) : 0.1;
  }
  return undefined;
}

/** Central differences; where the slope is `steep`, or a rough answer does, the value there and one more for each direction. Steps balance rounding against curvature. */
function slopeAt(ask: Objective, point: Float64Array, value?: number): Float64Array {
  const probe = point.slice();
  return point.map((each, index) => {
    const step = (value === undefined ? 1e-5 : 1e-6) * Math.max(1, Math.abs(each));
    probe[index] = each + step;
    const above = ask(probe);
    probe[index] = each - step;
    const below = value ?? ask(probe);
    probe[index] = each;
    const slope = (above - below) / (value === undefined ? 2 * step : step);
    return Number.isFinite(slope) ? slope : 0;
  });
}

function update(inverse: Float64Array, moved: Float64Array, turned: Float64Array, curvature: number): void {
  const size = moved.length;
  const carried = times(inverse, turned, 1);
  const factor = (1 + dot(turned, carried) / curvature) / curvature;
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++) {
      const [left, right] = [moved[row] as number, moved[column] as number];
      const mixed = left * (carried[column] as number) + (carried[row] as number) * right;
      inverse[row * size + column] = (inverse[row * size + column] as number) + factor * left * right - mixed / curvature;
    }
}

/** J. Nelder and R. Mead (1965) with the usual factors; never worse than `start`. */
function simplexFrom(ask: Objective, start: Float64Array, smallGain: number, steps: number): Found {
  const size = start.length;
  const corners = Array.from({ length: size + 1 }, (_, corner): Found => {
    const point = start.slice();
    if (corner > 0) point[corner - 1] = (point[corner - 1] as number) + 0.25;
    return { point, value: ask(point) };
  });
  const between = (from: Float64Array, to: Float64Array, share: number): Found => {
    const point = from.map((each, index) => each + share * ((to[index] as number) - each));
    return { point, value: ask(point) };
  };
  for (let step = 0; step < steps; step++) {
    corners.sort((one, other) => one.value - other.value);
    const [best, worst] = [corners[0], corners[size]] as [Found, Found];
    if (worst.value - best.value < smallGain) return best;
    const centre = start.map((_, index) => corners.slice(0, size).reduce((sum, { point }) => sum + (point[index] as number), 0) / size);
    const mirrored = between(centre, worst.point, -1);
    if (mirrored.value < best.value) {
      const farther = between(centre, worst.point, -2);
      corners[size] = farther.value < mirrored.value ? farther : mirrored;
    } else if (mirrored.value < (corners[size - 1]?.value ?? Number.POSITIVE_INFINITY)) corners[size] = mirrored;
    else {
      const nearer = between(centre, mirrored.value < worst.value ? mirrored.point : worst.point, 0.5);
      if (nearer.value < Math.min(mirrored.value, worst.value)) corners[size] = nearer;
      else for (let corner = 1; corner <= size; corner++) corners[corner] = between(best.point, (corners[corner] as Found).point, 0.5);
    }
  }
  corners.sort((one, other) => one.value - other.value);
  return corners[0] as Found;
}

function identity(size: number, scale: number): Float64Array {
  const matrix = new Float64Array(size * size);
  for (let index = 0; index < size; index++) matrix[index * size + index] = scale;
  return matrix;
}

function times(matrix: Float64Array, vector: Float64Array, sign: number): Float64Array {
  return vector.map((_, row) => sign * dot(matrix.subarray(row * vector.length, (row + 1) * vector.length), vector));
}

function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < one.length; index++) sum += (one[index] as number) * (other[index] as number);
  return sum;
}

const norm = (vector: Float64Array): number => Math.sqrt(dot(vector, vector));
const largest = (vector: Float64Array): number => vector.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
