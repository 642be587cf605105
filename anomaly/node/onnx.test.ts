import { describe, expect, it } from "vitest";
import { createGraph } from "../src/onnx/graph.ts";
import { onnxRuntime } from "../src/testing/onnx-runtime.ts";
import { openOnnx } from "./onnx.ts";

const doubled = (): Uint8Array => {
  const graph = createGraph("doubled");
  const x = graph.input("x", "float32", ["rows", 2]);
  graph.output("y", graph.node("Add", [x, x]), "float32", ["rows", 2]);
  return graph.model({ opset: { "": 17 }, producer: "test", producerVersion: "1" });
};

it("without the optional package, says what to install and what to do else", async () => {
  const missing = () => Promise.reject(new Error("Cannot find package 'onnxruntime-node'"));
  await expect(openOnnx(doubled(), missing)).rejects.toThrow(
    "needs the optional package onnxruntime-node: install it, or save the model in the library's own bytes",
  );
});

const installed = (await onnxRuntime()) !== undefined;

describe.skipIf(!installed)("ONNX Runtime (where the optional package onnxruntime-node is installed)", () => {
  it("runs a model as often as it is fed", async () => {
    const model = await openOnnx(doubled());
    for (const rows of [1, 3]) {
      const answers = await model.run({ x: { values: new Float32Array(rows * 2).fill(rows), shape: [rows, 2] } });
      expect([...(answers["y"] ?? [])]).toEqual(new Array(rows * 2).fill(rows * 2));
    }
    await model.close();
  });

  it("says that bytes are no model", () => expect(openOnnx(new Uint8Array(20))).rejects.toThrow("ONNX Runtime does not know this model"));

  it("says what does not fit", async () => {
    const model = await openOnnx(doubled());
    await expect(model.run({ x: { values: new Float32Array(3), shape: [1, 3] } })).rejects.toThrow("cannot be fed with this");
    await model.close();
  });
});
