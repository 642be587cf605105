/** The least value of a function of few numbers, where no derivative is at hand. */

export interface NelderMeadParams {
  /** First step in each direction. Default 0.5. */
  readonly step?: number;
  /** Ends where the values at the corners differ by less, relative to the least. Default 1e-8. */
  readonly tolerance?: number;
  /** Evaluations at most. Default 200 per number. */
  readonly evaluations?: number;
}

interface Corner {
  readonly point: Float64Array;
  readonly value: number;
}

/**
 * J. Nelder and R. Mead, "A Simplex Method for Function Minimization" (1965), with the coefficients that fit the number of dimensions
 * (F. Gao and L. Han, "Implementing the Nelder-Mead Simplex Algorithm with Adaptive Parameters", 2012). `cost` may answer NaN or Infinity where it is not defined.
 */
export function nelderMead(cost: (point: Float64Array) => number, start: Float64Array, params: NelderMeadParams = {}): Corner {
  const size = start.length;
  const { step = 0.5, tolerance = 1e-8, evaluations = 200 * size } = params;
  const at = (point: Float64Array): Corner => {
    const value = cost(point);
    return { point, value: Number.isNaN(value) ? Number.POSITIVE_INFINITY : value };
  };
  if (size === 0) return at(start);
  const expansion = 1 + 2 / size;
  const contraction = 0.75 - 1 / (2 * size);
  const shrinkage = size === 1 ? 0.5 : 1 - 1 / size;
  let corners = [at(start.slice()), ...Array.from(start, (_, axis) => at(start.map((value, index) => (index === axis ? value + step : value))))];
  let spent = size + 1;
  while (spent < evaluations) {
    corners.sort((a, b) => a.value - b.value);
    const [best, worst, next] = [corners[0] as Corner, corners[size] as Corner, corners[size - 1] as Corner];
    if (worst.value - best.value <= tolerance * (Math.abs(best.value) + Number.MIN_VALUE)) break;
    const centre = start.map((_, axis) => corners.slice(0, size).reduce((sum, { point }) => sum + (point[axis] as number), 0) / size);
    const along = (factor: number): Corner => {
      spent++;
      return at(centre.map((value, axis) => value + factor * (value - (worst.point[axis] as number))));
    };
    const reflected = along(1);
    let better: Corner | undefined = reflected.value < next.value ? reflected : undefined;
    if (reflected.value < best.value) {
      const expanded = along(expansion);
      if (expanded.value < reflected.value) better = expanded;
    } else if (better === undefined) {
      const contracted = along(reflected.value < worst.value ? contraction : -contraction);
      if (contracted.value < Math.min(worst.value, reflected.value)) better = contracted;
    }
    if (better !== undefined) corners[size] = better;
    else {
      corners = [
        best,
        ...corners
          .slice(1)
          .map(({ point }) => at(point.map((value, axis) => (best.point[axis] as number) + shrinkage * (value - (best.point[axis] as number))))),
      ];
      spent += size;
    }
  }
  return corners.reduce((best, corner) => (corner.value < best.value ? corner : best));
}
