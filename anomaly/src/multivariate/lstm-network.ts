/**
 * An autoencoder of sequences: an LSTM reads a window forwards, another one writes it backwards from the state in which the first ended, the newest step first.
 * P. Malhotra et al., "LSTM-based Encoder-Decoder for Multi-sensor Anomaly Detection" (2016); the decoder is fed nothing, as the unconditioned one of
 * N. Srivastava et al., "Unsupervised Learning of Video Representations using LSTMs" (2015): all that it writes went through the state.
 */
import type { Random } from "../random.ts";
import { createLayerRun, type LayerRun, startGates, stepBackward, stepForward } from "./lstm-layer.ts";
import { addOuterProducts, addRowProducts, transpose } from "./lstm-product.ts";

/** Sizes: `features` values at each of `steps` steps, `hidden` units in each of the two layers. */
export interface NetworkShape {
  readonly features: number;
  readonly steps: number;
  readonly hidden: number;
}

/** Where each matrix stands in the one array of all weights. */
export interface NetworkLayout {
  /** [4 hidden][features] */
  readonly encoderInput: number;
  /** [4 hidden][hidden] */
  readonly encoderRecurrent: number;
  /** [4 hidden] */
  readonly encoderBias: number;
  /** [4 hidden][hidden] */
  readonly decoderRecurrent: number;
  /** [4 hidden] */
  readonly decoderBias: number;
  /** [features][hidden] */
  readonly output: number;
  /** [features] */
  readonly outputBias: number;
  /** How many weights there are. */
  readonly size: number;
}

export function layoutOf({ features, hidden }: NetworkShape): NetworkLayout {
  const gates = 4 * hidden;
  const encoderRecurrent = gates * features;
  const encoderBias = encoderRecurrent + gates * hidden;
  const decoderRecurrent = encoderBias + gates;
  const decoderBias = decoderRecurrent + gates * hidden;
  const output = decoderBias + gates;
  const outputBias = output + features * hidden;
  return { encoderInput: 0, encoderRecurrent, encoderBias, decoderRecurrent, decoderBias, output, outputBias, size: outputBias + features };
}

/**
 * Weights to start from: uniform within 1 / sqrt(hidden), as PyTorch starts an LSTM; biases 0 but those of the forget gates, which are 1
 * (R. Jozefowicz et al., "An Empirical Exploration of Recurrent Network Architectures", 2015).
 */
export function initialWeights(shape: NetworkShape, random: Random): Float64Array {
  const { hidden } = shape;
  const layout = layoutOf(shape);
  const bound = 1 / Math.sqrt(hidden);
  const weights = Float64Array.from({ length: layout.size }, () => (2 * random.next() - 1) * bound);
  for (const bias of [layout.encoderBias, layout.decoderBias]) {
    weights.fill(0, bias, bias + 4 * hidden);
    weights.fill(1, bias + hidden, bias + 2 * hidden);
  }
  weights.fill(0, layout.outputBias);
  return weights;
}

/** Space in which up to `rows` windows are read and written at once. Fill `inputs`, then call `reconstruct`. */
export interface NetworkRun {
  readonly shape: NetworkShape;
  readonly layout: NetworkLayout;
  readonly rows: number;
  /** [steps x rows][features], step-major: row `step * count + window`. */
  readonly inputs: Float64Array;
  /** What the decoder wrote: [steps x rows][features], the newest step first. */
  readonly rebuilt: Float64Array;
  readonly encoder: LayerRun;
  readonly decoder: LayerRun;
}

export function createNetworkRun(shape: NetworkShape, rows: number): NetworkRun {
  const { features, steps, hidden } = shape;
  const run = (): LayerRun => createLayerRun(hidden, steps, rows);
  const values = (): Float64Array => new Float64Array(steps * rows * features);
  return { shape, layout: layoutOf(shape), rows, inputs: values(), rebuilt: values(), encoder: run(), decoder: run() };
}

/** Reads the first `count` windows of `inputs` and writes the newest `decoded` steps of each into `rebuilt`. */
export function reconstruct(run: NetworkRun, weights: Float64Array, count: number, decoded: number): void {
  const { shape, layout, inputs, rebuilt, encoder, decoder } = run;
  const { features, steps, hidden } = shape;
  const size = count * hidden;
  encoder.outputs.fill(0, 0, size);
  encoder.cells.fill(0, 0, size);
  startGates(encoder, weights, layout.encoderBias, steps * count);
  addRowProducts(encoder.gates, 0, inputs, 0, weights, layout.encoderInput, steps * count, 4 * hidden, features);
  for (let step = 0; step < steps; step++) stepForward(encoder, weights, layout.encoderRecurrent, step, count);
  for (let k = 0; k < size; k++) {
    decoder.outputs[k] = encoder.outputs[steps * size + k] as number;
    decoder.cells[k] = encoder.cells[steps * size + k] as number;
  }
  startGates(decoder, weights, layout.decoderBias, decoded * count);
  for (let step = 0; step < decoded; step++) stepForward(decoder, weights, layout.decoderRecurrent, step, count);
  for (let row = 0; row < decoded * count; row++)
    for (let feature = 0; feature < features; feature++) rebuilt[row * features + feature] = weights[layout.outputBias + feature] as number;
  addRowProducts(rebuilt, 0, decoder.outputs, size, weights, layout.output, decoded * count, features, hidden);
}

/** Sum of the squared errors of all that was rebuilt of the `count` windows, after `reconstruct` of all steps. */
export function squaredError({ shape, inputs, rebuilt }: NetworkRun, count: number): number {
  const { features, steps } = shape;
  const block = count * features;
  let sum = 0;
  for (let step = 0; step < steps; step++) {
    const from = (steps - 1 - step) * block;
    for (let k = 0; k < block; k++) {
      const error = (rebuilt[step * block + k] as number) - (inputs[from + k] as number);
      sum += error * error;
    }
  }
  return sum;
}

/** What the way back needs beside a run; `prepare` it whenever the weights have changed. */
export interface BackwardSpace {
  readonly encoderTransposed: Float64Array;
  readonly decoderTransposed: Float64Array;
  readonly outputTransposed: Float64Array;
  readonly dOutput: Float64Array;
  readonly dCell: Float64Array;
}

export function createBackwardSpace({ features, hidden }: NetworkShape, rows: number): BackwardSpace {
  const numbers = (count: number): Float64Array => new Float64Array(count);
  return {
    encoderTransposed: numbers(4 * hidden * hidden),
    decoderTransposed: numbers(4 * hidden * hidden),
    outputTransposed: numbers(features * hidden),
    dOutput: numbers(rows * hidden),
    dCell: numbers(rows * hidden),
  };
}

export function prepare(space: BackwardSpace, { features, hidden }: NetworkShape, layout: NetworkLayout, weights: Float64Array): void {
  transpose(space.encoderTransposed, weights, layout.encoderRecurrent, 4 * hidden, hidden);
  transpose(space.decoderTransposed, weights, layout.decoderRecurrent, 4 * hidden, hidden);
  transpose(space.outputTransposed, weights, layout.output, features, hidden);
}

/**
 * Adds to `gradient[at...]` the gradient of `scale` times the sum of squared errors of the first `count` windows. Returns that sum, without the scale.
 * Backpropagation through time over the whole window (P. Werbos, "Backpropagation through time: what it does and how to do it", 1990).
 */
export function addGradient(
  run: NetworkRun,
  space: BackwardSpace,
  weights: Float64Array,
  count: number,
  scale: number,
  gradient: Float64Array,
  at: number,
): number {
  const { shape, layout, inputs, rebuilt, encoder, decoder } = run;
  const { features, steps, hidden } = shape;
  reconstruct(run, weights, count, steps);
  const loss = squaredError(run, count);
  const block = count * features;
  for (let step = 0; step < steps; step++) {
    const from = (steps - 1 - step) * block;
    for (let k = 0; k < block; k++) rebuilt[step * block + k] = 2 * scale * ((rebuilt[step * block + k] as number) - (inputs[from + k] as number));
  }
  const { dOutput, dCell } = space;
  const size = count * hidden;
  dOutput.fill(0, 0, size);
  dCell.fill(0, 0, size);
  for (let step = steps - 1; step >= 0; step--) {
    addRowProducts(dOutput, 0, rebuilt, step * block, space.outputTransposed, 0, count, hidden, features);
    stepBackward(decoder, space.decoderTransposed, step, count, dOutput, dCell);
  }
  for (let step = steps - 1; step >= 0; step--) stepBackward(encoder, space.encoderTransposed, step, count, dOutput, dCell);
  const rows = steps * count;
  addOuterProducts(gradient, at + layout.output, rebuilt, 0, decoder.outputs, size, rows, features, hidden);
  addOuterProducts(gradient, at + layout.decoderRecurrent, decoder.gates, 0, decoder.outputs, 0, rows, 4 * hidden, hidden);
  addOuterProducts(gradient, at + layout.encoderRecurrent, encoder.gates, 0, encoder.outputs, 0, rows, 4 * hidden, hidden);
  addOuterProducts(gradient, at + layout.encoderInput, encoder.gates, 0, inputs, 0, rows, 4 * hidden, features);
  addRows(gradient, at + layout.outputBias, rebuilt, rows, features);
  addRows(gradient, at + layout.decoderBias, decoder.gates, rows, 4 * hidden);
  addRows(gradient, at + layout.encoderBias, encoder.gates, rows, 4 * hidden);
  return loss;
}

function addRows(target: Float64Array, at: number, source: Float64Array, rows: number, columns: number): void {
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) target[at + column] = (target[at + column] as number) + (source[row * columns + column] as number);
}
