import { describe, expect, it } from "vitest";
import { onnxRuntime } from "../testing/onnx-runtime.ts";
import { createGraph, type ModelOptions } from "./graph.ts";

const runtime = await onnxRuntime();
const options: ModelOptions = { opset: { "": 17 }, producer: "test", producerVersion: "1" };

describe.skipIf(runtime === undefined)("ONNX Runtime (where the optional package onnxruntime-node is installed)", () => {
  it("computes what the graph says: constants, two inputs, a size that is known only when it runs", async () => {
    const graph = createGraph("affine");
    const x = graph.input("x", "float32", ["rows", 3]);
    const more = graph.input("more", "float32", [2]);
    const weights = graph.constant("weights", Float32Array.of(1, 0, 0, 1, 1, -1), [3, 2]);
    graph.output("y", graph.node("Add", [graph.node("MatMul", [x, weights]), more]), "float32", ["rows", 2]);
    const answers = await runtime?.(graph.model(options), {
      x: { values: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [2, 3] },
      more: { values: Float32Array.of(10, 20), shape: [2] },
    });
    expect([...(answers?.["y"] ?? [])]).toEqual([14, 19, 20, 19]);
  });

  it("knows attributes of each type, and outputs beside the first", async () => {
    const graph = createGraph("attributes");
    const x = graph.input("x", "float32", [1, 4]);
    const [, second] = graph.nodes("Split", [x, graph.constant("parts", BigInt64Array.of(3n, 1n), [2])], { attributes: { axis: { whole: -1 } }, outputs: 2 });
    const leaky = graph.node("LeakyRelu", [second as string], { attributes: { alpha: { real: 0.5 } } });
    const offset = graph.node("Constant", [], { attributes: { value: { tensor: Float32Array.of(100), shape: [1] } } });
    const lone = graph.node("Constant", [], { attributes: { value_floats: { reals: [0.25, 0.5] } } });
    const both = graph.node("Concat", [graph.node("Add", [leaky, offset]), graph.node("Unsqueeze", [lone, graph.constant("at", BigInt64Array.of(0n), [1])])], {
      attributes: { axis: { whole: 1 } },
    });
    graph.output("y", graph.node("Transpose", [both], { attributes: { perm: { wholes: [1, 0] } } }), "float32", [3, 1]);
    const answers = await runtime?.(graph.model(options), { x: { values: Float32Array.of(1, 2, 3, -4), shape: [1, 4] } });
    expect([...(answers?.["y"] ?? [])]).toEqual([98, 0.25, 0.5]);
  });

  it("an LSTM cell by its own operator, its weights as constants", async () => {
    const graph = createGraph("lstm");
    const x = graph.input("x", "float32", ["steps", "rows", 1]);
    // One unit whose gates are all open (sigmoid(20) = 1) and whose candidate is tanh(x): c sums tanh(x), h = tanh(c).
    const w = graph.constant("w", Float32Array.of(0, 0, 0, 1), [1, 4, 1]);
    const r = graph.constant("r", new Float32Array(4), [1, 4, 1]);
    const b = graph.constant("b", Float32Array.of(20, 20, 20, 0, 0, 0, 0, 0), [1, 8]);
    const [, last] = graph.nodes("LSTM", [x, w, r, b], { attributes: { hidden_size: { whole: 1 }, direction: { text: "forward" } }, outputs: 2 });
    graph.output("h", last as string, "float32", [1, "rows", 1]);
    const answers = await runtime?.(graph.model(options), { x: { values: Float32Array.of(0.1, 0.2), shape: [2, 1, 1] } });
    expect(answers?.["h"]?.[0]).toBeCloseTo(Math.tanh(Math.tanh(0.1) + Math.tanh(0.2)), 6);
  });
});

it("refuses a value that nothing computed", () =>
  expect(() => createGraph("empty").node("Relu", ["x"])).toThrow('Relu reads "x", which the graph empty has not computed'));

it("refuses two values of one name", () => {
  const graph = createGraph("twice");
  graph.input("x", "float32", [1]);
  expect(() => graph.constant("x", Float32Array.of(1), [1])).toThrow('has two values "x"');
});

it("refuses a constant that its shape does not hold", () =>
  expect(() => createGraph("short").constant("w", Float32Array.of(1, 2, 3), [2, 2])).toThrow('"w" has 3 values, its shape [2, 2] holds 4'));

it("refuses to end without an output", () => expect(() => createGraph("mute").model(options)).toThrow("no output"));
