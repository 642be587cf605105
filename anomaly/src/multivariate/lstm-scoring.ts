/** From windows to scores: how far the newest rows are from what the network makes of the window, feature by feature, beside what it missed on held-out rows. */
import { createNetworkRun, type NetworkRun, reconstruct } from "./lstm-network.ts";
import type { LstmParams } from "./lstm-params.ts";
import type { Scaling } from "./lstm-scaling.ts";
import { shapeOf } from "./lstm-training.ts";

/** All that scoring needs. */
export interface LstmModel {
  readonly params: LstmParams;
  readonly features: number;
  readonly scaling: Scaling;
  readonly weights: Float64Array;
  /** Mean squared error of each feature on held-out rows, in squared robust standard deviations: what a contribution is measured by. */
  readonly usual: Float64Array;
}

/** Of a feature that was rebuilt to the last digit: it is not infinitely strange when it moves. */
const LEAST_USUAL = 0.01;

/** Space for windows to be scored, `rows` at once. */
export interface ScoringSpace {
  readonly run: NetworkRun;
  /** NaN where the value is missing, as `run.inputs` lies. */
  readonly observed: Float64Array;
}

export function createScoringSpace(params: LstmParams, features: number, rows: number): ScoringSpace {
  const run = createNetworkRun(shapeOf(params, features), rows);
  return { run, observed: new Float64Array(run.inputs.length) };
}

/** Takes a scaled value in, at `position` as `run.inputs` lies. A missing one is read as the median. */
export function take({ run, observed }: ScoringSpace, position: number, value: number): void {
  observed[position] = value;
  run.inputs[position] = Number.isNaN(value) ? 0 : value;
}

/**
 * Scores the first `count` windows: writes each one's contributions into `contributions[at + window * features...]` and its score into `scores[scoreAt + window]`.
 * Contribution of a feature: the root of (mean squared error of the `recent` newest rows / what is usual). Score: their mean over the features that were there. The root,
 * for a mean of squares is what its largest one says: one feature that moved for good would hide the others.
 * A missing value contributes nothing; a window whose newest rows are all missing scores 0.
 */
export function scoreWindows(
  space: ScoringSpace,
  { features, usual, params, weights }: Pick<LstmModel, "features" | "usual" | "params" | "weights">,
  count: number,
  contributions: Float64Array,
  at: number,
  scores: Float64Array,
  scoreAt: number,
): void {
  reconstruct(space.run, weights, count, params.recent);
  for (let window = 0; window < count; window++) {
    let sum = 0;
    let there = 0;
    for (let feature = 0; feature < features; feature++) {
      const error = recentError(space, count, window, feature, params.recent);
      const contribution = error >= 0 ? Math.sqrt(error / (usual[feature] as number)) : 0;
      contributions[at + window * features + feature] = contribution;
      sum += contribution;
      if (error >= 0) there++;
    }
    scores[scoreAt + window] = there === 0 ? 0 : sum / there;
  }
}

/** Mean squared error of a feature over the newest rows of a window; NaN where it is missing in all of them. */
function recentError({ run, observed }: ScoringSpace, count: number, window: number, feature: number, recent: number): number {
  const { features, steps } = run.shape;
  let sum = 0;
  let there = 0;
  for (let back = 0; back < recent; back++) {
    const value = observed[((steps - 1 - back) * count + window) * features + feature] as number;
    if (Number.isNaN(value)) continue;
    const error = value - (run.rebuilt[(back * count + window) * features + feature] as number);
    sum += error * error;
    there++;
  }
  return sum / there;
}

/** Windows of a scaled table that are scored at once. */
const AT_ONCE = 32;

/** One score and one row of contributions per row of a scaled table; 0 for the first rows, which no window ends at. */
export function scoreTable(
  model: Pick<LstmModel, "features" | "usual" | "params" | "weights">,
  values: Float64Array,
  rows: number,
): { readonly scores: Float64Array; readonly contributions: Float64Array } {
  const { features, params } = model;
  const { window } = params;
  const scores = new Float64Array(rows);
  const contributions = new Float64Array(rows * features);
  const space = createScoringSpace(params, features, AT_ONCE);
  for (let first = 0; first + window <= rows; first += AT_ONCE) {
    const count = Math.min(AT_ONCE, rows - window - first + 1);
    for (let step = 0; step < window; step++)
      for (let k = 0; k < count * features; k++) take(space, step * count * features + k, values[(first + step) * features + k] as number);
    const row = first + window - 1;
    scoreWindows(space, model, count, contributions, row * features, scores, row);
  }
  return { scores, contributions };
}

/** What was usual on held-out rows, feature by feature; 1 (a robust standard deviation) for a feature of which they held nothing. */
export function usualErrors(params: LstmParams, features: number, weights: Float64Array, values: Float64Array, rows: number): Float64Array {
  const model = { params, features, weights, usual: new Float64Array(features).fill(1) };
  const { contributions } = scoreTable(model, values, rows);
  return model.usual.map((_, feature) => {
    let sum = 0;
    let count = 0;
    for (let row = params.window - 1; row < rows; row++) {
      if (Number.isNaN(values[row * features + feature])) continue;
      sum += (contributions[row * features + feature] as number) ** 2;
      count++;
    }
    return count === 0 ? 1 : Math.max(sum / count, LEAST_USUAL);
  });
}
