/**
 * Training of the network on windows of a scaled table: mini-batches of Adam, stopped by the error on rows held out. The gradient of a batch is the sum of those
 * of its parts, a few windows each, in the order of the parts: who computed which does not show, so one thread and many learn the same bits.
 */
import { InputError } from "../input-error.ts";
import type { Matrix } from "../matrix.ts";
import { createRandom } from "../random.ts";
import { adamStep, createAdam } from "./lstm-adam.ts";
import {
  addGradient,
  createBackwardSpace,
  createNetworkRun,
  initialWeights,
  type NetworkRun,
  type NetworkShape,
  prepare,
  reconstruct,
  squaredError,
} from "./lstm-network.ts";
import type { LstmParams } from "./lstm-params.ts";

/** Windows to a part: enough that products are of many rows, few enough that a batch has parts for several threads. */
const PART = 8;

/** What is trained, as data that a thread can be sent. */
export interface TrainingPlan {
  readonly params: LstmParams;
  readonly features: number;
  /** The scaled table, row after row. */
  readonly values: Float64Array;
  /** First rows of the windows to learn from, and of those held out, which share no row with the others. */
  readonly learned: Int32Array;
  readonly heldOut: Int32Array;
  /** To go on from; left out: initial weights by the seed. */
  readonly weights?: Float64Array;
}

/** Those who compute parts. */
export interface Team {
  /**
   * Has each of `parts` parts computed once, by any of the team; `compute` writes at most `stride` numbers into `values` from `at` on, which hold zeros.
   * Returns when all are done, with part `p` from `p * stride` on, to be read until the next call.
   */
  share(parts: number, stride: number, compute: (part: number, values: Float64Array, at: number) => void): Float64Array;
}

export interface Epoch {
  /** From 1. */
  readonly epoch: number;
  /** Of `params.epochs`. */
  readonly epochs: number;
  /** Mean squared error of the windows learned from, while learning, in squared robust standard deviations. */
  readonly loss: number;
  /** Of the windows held out, after the epoch. */
  readonly heldOutLoss: number;
  /** Whether no epoch before had a lower error on them. */
  readonly best: boolean;
}

export interface Trained {
  /** Those of the best epoch; of those to go on from, where no epoch was better. */
  readonly weights: Float64Array;
  readonly epochs: readonly Epoch[];
}

export function shapeOf(params: LstmParams, features: number): NetworkShape {
  return { features, steps: params.window, hidden: params.hidden };
}

/** Windows of a scaled table: those with a missing value are left out. Throws InputError where none is left on one of the two sides. */
export function planTraining(table: Matrix, params: LstmParams, weights?: Float64Array): TrainingPlan {
  const cut = learnedRows(table.rows, params);
  const learned = completeWindows(table, 0, cut, params);
  const heldOut = completeWindows(table, cut, table.rows, params);
  if (learned.length === 0 || heldOut.length === 0)
    throw new InputError(
      `no window of ${params.window} rows without a gap among the ${learned.length === 0 ? `${cut} rows to learn from` : `${table.rows - cut} rows held out`}: ` +
        `give at least ${Math.ceil(params.window / Math.min(params.heldOut, 1 - params.heldOut))} rows, or a smaller window`,
    );
  return { params, features: table.columns, values: table.values, learned, heldOut, ...(weights === undefined ? {} : { weights }) };
}

/** How many of `rows` rows training learns from; the others are held out. */
export function learnedRows(rows: number, { heldOut }: LstmParams): number {
  return Math.floor(rows * (1 - heldOut));
}

function completeWindows({ columns, values }: Matrix, first: number, end: number, { window, stride }: LstmParams): Int32Array {
  const starts: number[] = [];
  let complete = 0;
  for (let row = first; row < end; row++) {
    let whole = true;
    for (let column = 0; column < columns; column++) whole &&= !Number.isNaN(values[row * columns + column]);
    complete = whole ? complete + 1 : 0;
    const start = row - window + 1;
    if (complete >= window && (start - first) % stride === 0) starts.push(start);
  }
  return Int32Array.from(starts);
}

/** How many numbers a team shares at most for this plan. */
export function sharedNumbers({ params, features, heldOut }: TrainingPlan): number {
  const stride = createNetworkRun({ ...shapeOf(params, features), steps: 1 }, 1).layout.size + 1;
  return Math.max(Math.ceil(params.batch / PART) * stride, Math.ceil(heldOut.length / PART));
}

/** Trains; each member of a team calls it with the same plan and gets the same result. */
export function train(plan: TrainingPlan, team: Team, onEpoch: (epoch: Epoch) => void = () => {}): Trained {
  const { params, features, learned } = plan;
  const shape = shapeOf(params, features);
  const random = createRandom(params.seed);
  const start = initialWeights(shape, random);
  const weights = plan.weights?.slice() ?? start;
  const learner = createLearner(plan, weights, team);
  const order = learned.slice();
  const epochs: Epoch[] = [];
  let best = weights.slice();
  // Who learns on may only get better.
  let lowest = plan.weights === undefined ? Number.POSITIVE_INFINITY : learner.heldOutError();
  let bestEpoch = 0;
  for (let epoch = 1; epoch <= params.epochs && epoch - bestEpoch <= params.patience; epoch++) {
    shuffle(order, random);
    let loss = 0;
    for (let from = 0; from < order.length; from += params.batch) loss += learner.learn(order.subarray(from, from + params.batch));
    const heldOutLoss = learner.heldOutError();
    if (heldOutLoss < lowest) {
      lowest = heldOutLoss;
      best = weights.slice();
      bestEpoch = epoch;
    }
    epochs.push({ epoch, epochs: params.epochs, loss: loss / (order.length * params.window * features), heldOutLoss, best: bestEpoch === epoch });
    onEpoch(epochs.at(-1) as Epoch);
  }
  if (lowest === Number.POSITIVE_INFINITY)
    throw new InputError(
      `the training diverged: its error is no number after ${epochs.length} epochs; give a smaller learningRate than ${params.learningRate}`,
    );
  return { weights: best, epochs };
}

interface Learner {
  /** One step of Adam on a batch of windows; returns the sum of their squared errors before it. */
  learn(windows: Int32Array): number;
  /** Mean squared error of the windows held out. */
  heldOutError(): number;
}

function createLearner({ params, features, values, heldOut }: TrainingPlan, weights: Float64Array, team: Team): Learner {
  const shape = shapeOf(params, features);
  const run = createNetworkRun(shape, PART);
  const space = createBackwardSpace(shape, PART);
  const adam = createAdam(weights.length);
  const gradient = new Float64Array(weights.length);
  const size = weights.length;
  const cells = params.window * features;
  const load = (windows: Int32Array, part: number): number => {
    const mine = windows.subarray(part * PART, (part + 1) * PART);
    gather(run, values, mine);
    return mine.length;
  };
  return {
    learn(windows) {
      prepare(space, shape, run.layout, weights);
      const scale = 1 / (windows.length * cells);
      const parts = Math.ceil(windows.length / PART);
      const sums = team.share(parts, size + 1, (part, into, at) => {
        into[at + size] = addGradient(run, space, weights, load(windows, part), scale, into, at);
      });
      gradient.fill(0);
      let loss = 0;
      for (let part = 0; part < parts; part++) {
        const at = part * (size + 1);
        for (let k = 0; k < size; k++) gradient[k] = (gradient[k] as number) + (sums[at + k] as number);
        loss += sums[at + size] as number;
      }
      adamStep(adam, weights, gradient, params.learningRate, params.gradientNorm);
      return loss;
    },
    heldOutError() {
      const parts = Math.ceil(heldOut.length / PART);
      const sums = team.share(parts, 1, (part, into, at) => {
        const count = load(heldOut, part);
        reconstruct(run, weights, count, params.window);
        into[at] = squaredError(run, count);
      });
      let sum = 0;
      for (let part = 0; part < parts; part++) sum += sums[part] as number;
      return sum / (heldOut.length * cells);
    },
  };
}

/** Copies the windows that start at `starts` into the run, step-major. */
function gather({ shape, inputs }: NetworkRun, values: Float64Array, starts: Int32Array): void {
  const { features, steps } = shape;
  const count = starts.length;
  for (let window = 0; window < count; window++) {
    const from = (starts[window] as number) * features;
    for (let step = 0; step < steps; step++)
      for (let feature = 0; feature < features; feature++)
        inputs[(step * count + window) * features + feature] = values[from + step * features + feature] as number;
  }
}

/** R. Fisher and F. Yates, as in D. Knuth's algorithm P. */
function shuffle(order: Int32Array, random: { below(bound: number): number }): void {
  for (let last = order.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    const kept = order[last] as number;
    order[last] = order[other] as number;
    order[other] = kept;
  }
}

/** A team of one. */
export function alone(plan: TrainingPlan): Team {
  const values = new Float64Array(sharedNumbers(plan));
  return {
    share(parts, stride, compute) {
      values.fill(0, 0, parts * stride);
      for (let part = 0; part < parts; part++) compute(part, values, part * stride);
      return values;
    },
  };
}
