/** An LSTM autoencoder as an ONNX model, scaling and scoring included, of operators that every ONNX runtime knows. */
import { createGraph, type Graph, type Value } from "../onnx/graph.ts";
import { layoutOf } from "./lstm-network.ts";
import type { LstmModel } from "./lstm-scoring.ts";
import { shapeOf } from "./lstm-training.ts";

/** Of the release of 2021, 1.10; later runtimes know it as well. */
const OPSET = { "": 15 } as const;

/** Gates in the order of ONNX (input, output, forget, candidate), by their place here (input, forget, candidate, output). */
const GATES = [0, 3, 1, 2] as const;

/**
 * "windows", float64 [windows, window, features], as they were measured, NaN where a value is missing, to "score", float32 [windows], and "contributions", float32
 * [windows, features]: those of `score` for the last row of each window, as 32 bits give them.
 */
export function lstmOnnx(model: LstmModel, producerVersion: string): Uint8Array {
  const { features, params } = model;
  const graph = createGraph("lstm-autoencoder");
  const windows = graph.input("windows", "float64", ["windows", params.window, features]);
  const missing = graph.node("IsNaN", [windows]);
  const inputs = stepsFirst(graph, graph.node("Where", [missing, graph.constant("median", Float64Array.of(0), [1]), inUnits(graph, model, windows)]));
  const there = newest(graph, stepsFirst(graph, graph.node("Not", [missing])), params.recent);
  const missed = graph.node("Sub", [rebuilt(graph, model, inputs), newest(graph, inputs, params.recent)]);
  const errors = graph.node("Mul", [graph.node("Mul", [missed, missed]), there]);
  const steps = graph.constant("steps", BigInt64Array.of(0n), [1]);
  const one = graph.constant("one", Float32Array.of(1), [1]);
  const sum = (value: Value, axis: Value): Value => graph.node("ReduceSum", [value, axis], { attributes: { keepdims: { whole: 0 } } });
  const counts = sum(there, steps);
  const means = graph.node("Div", [sum(errors, steps), graph.node("Max", [counts, one])]);
  const shares = graph.node("Div", [means, graph.constant("usual", Float32Array.from(model.usual), [features])]);
  const contributions = graph.node("Sqrt", [shares]);
  const across = graph.constant("across_features", BigInt64Array.of(1n), [1]);
  const present = sum(graph.node("Min", [counts, one]), across);
  graph.output("score", graph.node("Div", [sum(contributions, across), graph.node("Max", [present, one])]), "float32", ["windows"]);
  graph.output("contributions", contributions, "float32", ["windows", features]);
  const { hidden, window, recent, seed } = params;
  const metadata = Object.fromEntries(Object.entries({ hidden, window, recent, seed }).map(([name, value]) => [name, String(value)]));
  return graph.model({ opset: OPSET, producer: "kintsugi", producerVersion, metadata });
}

/** In robust standard deviations, cut, in 64 bits. */
function inUnits(graph: Graph, { scaling, params, features }: LstmModel, windows: Value): Value {
  const moved = graph.node("Sub", [windows, graph.constant("center", Float64Array.from(scaling.center), [features])]);
  const distance = graph.node("Div", [moved, graph.constant("unit", Float64Array.from(scaling.unit), [features])]);
  return graph.node("Clip", [distance, graph.constant("least", Float64Array.of(-params.limit), []), graph.constant("most", Float64Array.of(params.limit), [])]);
}

/** float32 [steps, windows, features]. */
function stepsFirst(graph: Graph, windows: Value): Value {
  const numbers = graph.node("Cast", [windows], { attributes: { to: { whole: 1 } } });
  return graph.node("Transpose", [numbers], { attributes: { perm: { wholes: [1, 0, 2] } } });
}

/** The last `count` steps, the newest first. */
function newest(graph: Graph, steps: Value, count: number): Value {
  const whole = (value: number): Value => graph.node("Constant", [], { attributes: { value_ints: { wholes: [value] } } });
  return graph.node("Slice", [steps, whole(-1), whole(-count - 1), whole(0), whole(-1)]);
}

/** What the network makes of the newest steps: float32 [recent, windows, features]. */
function rebuilt(graph: Graph, model: LstmModel, inputs: Value): Value {
  const { features, weights, params } = model;
  const { hidden, recent } = params;
  const layout = layoutOf(shapeOf(params, features));
  const gates = (name: string, at: number, width: number): Value => graph.constant(name, gatesOf(weights, at, hidden, width), [1, 4 * hidden, width]);
  const bias = (name: string, at: number): Value => {
    const values = new Float32Array(8 * hidden);
    values.set(gatesOf(weights, at, hidden, 1));
    return graph.constant(name, values, [1, 8 * hidden]);
  };
  const attributes = { hidden_size: { whole: hidden } };
  const encoder = [gates("encoder_input", layout.encoderInput, features), gates("encoder_recurrent", layout.encoderRecurrent, hidden)];
  const [, output, cell] = graph.nodes("LSTM", [inputs, ...encoder, bias("encoder_bias", layout.encoderBias)], { attributes, outputs: 3 });
  // The decoder is fed nothing; the operator wants an input, so it gets zeros for as many steps and windows, by weights that are zero.
  const [from, to, axes] = [
    [0, 0],
    [recent, 1],
    [0, 2],
  ].map((values) => graph.node("Constant", [], { attributes: { value_ints: { wholes: values } } }));
  const fed = graph.node("Slice", [inputs, from as Value, to as Value, axes as Value]);
  const nothing = graph.constant("decoder_input", new Float32Array(4 * hidden), [1, 4 * hidden, 1]);
  const decoder = [nothing, gates("decoder_recurrent", layout.decoderRecurrent, hidden), bias("decoder_bias", layout.decoderBias)];
  const written = graph.node("LSTM", [fed, ...decoder, "", output as Value, cell as Value], { attributes });
  const states = graph.node("Squeeze", [written, graph.constant("direction", BigInt64Array.of(1n), [1])]);
  const output32 = Float32Array.from(weights.subarray(layout.output, layout.outputBias));
  const columns = graph.node("Transpose", [graph.constant("output", output32, [features, hidden])]);
  const outputBias = graph.constant("output_bias", Float32Array.from(weights.subarray(layout.outputBias)), [features]);
  return graph.node("Add", [graph.node("MatMul", [states, columns]), outputBias]);
}

/** The four blocks of a matrix [4 hidden][width] in the order of ONNX. */
function gatesOf(weights: Float64Array, at: number, hidden: number, width: number): Float32Array {
  const size = hidden * width;
  const result = new Float32Array(4 * size);
  GATES.forEach((gate, place) => {
    result.set(weights.subarray(at + gate * size, at + (gate + 1) * size), place * size);
  });
  return result;
}
