/**
 * One layer of long short-term memory over a batch of sequences: forward, and backward through time.
 * S. Hochreiter and J. Schmidhuber, "Long Short-Term Memory" (1997), with the forget gate of F. Gers et al. (2000):
 *     i, f, o = logistic(W x + U h + b), g = tanh(W x + U h + b), c' = f c + i g, h' = o tanh(c')
 * Gates stand in the order i, f, g, o. Matrices are step-major: row `step * rows + sequence`.
 */
import { hyperbolicTangent, logistic } from "./lstm-activation.ts";
import { addRowProducts } from "./lstm-product.ts";

/** What a run keeps, for `rows` sequences at once and `steps` steps at most; block 0 of cells and outputs is the state before the first step. */
export interface LayerRun {
  readonly hidden: number;
  /** [steps x rows][4 hidden]: the gates after forward, their gradient (before the squashing) after backward. */
  readonly gates: Float64Array;
  /** [(steps + 1) x rows][hidden] */
  readonly cells: Float64Array;
  /** tanh of the cells after each step: [steps x rows][hidden] */
  readonly squashed: Float64Array;
  /** [(steps + 1) x rows][hidden] */
  readonly outputs: Float64Array;
}

export function createLayerRun(hidden: number, steps: number, rows: number): LayerRun {
  const numbers = (blocks: number): Float64Array => new Float64Array(blocks * rows * hidden);
  return { hidden, gates: numbers(4 * steps), cells: numbers(steps + 1), squashed: numbers(steps), outputs: numbers(steps + 1) };
}

/** Sets the gates of `count` rows to the bias: what their inputs and the past add comes on top. */
export function startGates({ hidden, gates }: LayerRun, weights: Float64Array, biasAt: number, count: number): void {
  const width = 4 * hidden;
  for (let row = 0; row < count; row++) for (let gate = 0; gate < width; gate++) gates[row * width + gate] = weights[biasAt + gate] as number;
}

/** One step of all rows: adds U h to the gates, which hold W x + b, squashes them, and writes the next cells and outputs. */
export function stepForward(run: LayerRun, weights: Float64Array, recurrentAt: number, step: number, rows: number): void {
  const { hidden, gates, cells, squashed, outputs } = run;
  const size = rows * hidden;
  const from = step * size;
  addRowProducts(gates, 4 * from, outputs, from, weights, recurrentAt, rows, 4 * hidden, hidden);
  for (let row = 0; row < rows; row++) {
    const gate = 4 * (from + row * hidden);
    const unit = from + row * hidden;
    for (let k = 0; k < hidden; k++) {
      const input = logistic(gates[gate + k] as number);
      const forget = logistic(gates[gate + hidden + k] as number);
      const candidate = hyperbolicTangent(gates[gate + 2 * hidden + k] as number);
      const output = logistic(gates[gate + 3 * hidden + k] as number);
      const cell = forget * (cells[unit + k] as number) + input * candidate;
      const bounded = hyperbolicTangent(cell);
      gates[gate + k] = input;
      gates[gate + hidden + k] = forget;
      gates[gate + 2 * hidden + k] = candidate;
      gates[gate + 3 * hidden + k] = output;
      cells[unit + size + k] = cell;
      squashed[unit + k] = bounded;
      outputs[unit + size + k] = output * bounded;
    }
  }
}

/**
 * One step back: turns the step's gates into the gradient of what they squash, and `dOutput` and `dCell` ([rows][hidden]), which hold the gradient of the loss
 * by the step's output and cell, into those of the step before. `recurrentTransposed` is U as [hidden][4 hidden].
 */
export function stepBackward(
  { hidden, gates, cells, squashed }: LayerRun,
  recurrentTransposed: Float64Array,
  step: number,
  rows: number,
  dOutput: Float64Array,
  dCell: Float64Array,
): void {
  const from = step * rows * hidden;
  for (let row = 0; row < rows; row++) {
    const gate = 4 * (from + row * hidden);
    for (let k = 0; k < hidden; k++) {
      const own = row * hidden + k;
      const input = gates[gate + k] as number;
      const forget = gates[gate + hidden + k] as number;
      const candidate = gates[gate + 2 * hidden + k] as number;
      const output = gates[gate + 3 * hidden + k] as number;
      const bounded = squashed[from + own] as number;
      const dh = dOutput[own] as number;
      const dc = (dCell[own] as number) + dh * output * (1 - bounded * bounded);
      gates[gate + k] = dc * candidate * input * (1 - input);
      gates[gate + hidden + k] = dc * (cells[from + own] as number) * forget * (1 - forget);
      gates[gate + 2 * hidden + k] = dc * input * (1 - candidate * candidate);
      gates[gate + 3 * hidden + k] = dh * bounded * output * (1 - output);
      dCell[own] = dc * forget;
      dOutput[own] = 0;
    }
  }
  addRowProducts(dOutput, 0, gates, 4 * from, recurrentTransposed, 0, rows, hidden, 4 * hidden);
}
