import { describe, expect, it } from "vitest";
import { inferenceRequest, readInference, readMetadata } from "./v2.ts";

const tensor = (datatype: string, shape: readonly number[]) => ({ inputs: [{ name: "x", datatype, shape: [...shape] }], runtime: "" });

describe("a request", () => {
  it("is one table of 64-bit floats where the server does not say what it takes", () => {
    expect(inferenceRequest({ inputs: [], runtime: "sklearn" }, [[1, 2]], "id")).toEqual({
      id: "id",
      inputs: [{ name: "input-0", shape: [1, 2], datatype: "FP64", data: [1, 2] }],
    });
  });

  it.each([
    ["a fraction", "INT32", 1.5],
    ["what is too large", "UINT8", 256],
    ["a negative number", "UINT64", -1],
    ["what would become infinite", "FP32", 1e39],
    ["what would become infinite", "FP16", 70_000],
  ])("is not made of %s where the model takes %s", (_, datatype, value) => {
    expect(() => inferenceRequest(tensor(datatype, [-1, 1]), [[value]], "id")).toThrow(`it takes ${datatype}, which cannot hold ${value}`);
  });

  it("is not made for a model that takes no table of numbers", () => {
    expect(() => inferenceRequest(tensor("BYTES", [-1, 1]), [[1]], "id")).toThrow("a tensor of BYTES");
    expect(() => inferenceRequest(tensor("FP32", [-1, 28, 28]), [[1]], "id")).toThrow("shape [-1, 28, 28]");
    expect(() => inferenceRequest(tensor("toString", [-1, 1]), [[1]], "id")).toThrow("a tensor of toString");
    expect(() => inferenceRequest({ inputs: [...tensor("FP32", [-1, 1]).inputs, ...tensor("FP32", [-1, 1]).inputs], runtime: "" }, [[1]], "id")).toThrow(
      "2 tensors",
    );
  });

  it("is not made of more rows than the model takes at a time", () => {
    expect(() => inferenceRequest(tensor("FP32", [1, 1]), [[1], [2]], "id")).toThrow("2 rows; it takes 1 at a time");
  });
});

describe("an answer", () => {
  const read = (output: object, rows = 2) => readInference({ model_name: "m", outputs: [output] }, { name: "m", id: "id", rows }).predictions;

  it("is one whole number for each row, flat or nested, of any type of number", () => {
    expect(read({ name: "y", datatype: "INT64", shape: [2], data: [1, -1] })).toEqual([1, -1]);
    expect(read({ name: "y", datatype: "FP32", shape: [2, 1], data: [[1], [-1]] })).toEqual([1, -1]);
    expect(read({ name: "y", datatype: "BOOL", shape: [2], data: [true, false] })).toEqual([1, 0]);
  });

  it.each([
    ["probabilities", { datatype: "FP32", shape: [2], data: [0.1, 0.9] }, "it predicts 0.1"],
    ["scores of each class", { datatype: "FP32", shape: [2, 3], data: [1, 2, 3, 4, 5, 6] }, "the shape [2, 3] for 2 rows"],
    ["another number of rows", { datatype: "INT64", shape: [3], data: [1, 1, 1] }, "the shape [3] for 2 rows"],
    ["fewer values than it says", { datatype: "INT64", shape: [2], data: [1] }, "says 2 values and has 1"],
    ["words", { datatype: "BYTES", shape: [2], data: ["a", "b"] }, "said to be BYTES"],
    ["another type than it says", { datatype: "INT8", shape: [2], data: [1, 300] }, "said to be INT8"],
    ["nothing", { datatype: "INT8", shape: [2] }, "not what the protocol says"],
  ])("is not %s", (_, output, message) => {
    expect(() => read({ name: "y", ...output })).toThrow(message);
  });
});

it("reads what KServe's own server of scikit-learn writes: null for what it does not know", () => {
  expect(readMetadata({ name: "m", versions: null, platform: "", inputs: [], outputs: [] }, "m")).toEqual({ runtime: "", inputs: [] });
  const output = { name: "output-0", shape: [1], datatype: "INT64", parameters: null, data: [-1] };
  const answer = { model_name: "m", model_version: null, id: "id", parameters: null, outputs: [output] };
  expect(readInference(answer, { name: "m", id: "id", rows: 1 })).toEqual({ predictions: [-1], version: "" });
});

it.each([undefined, null, "metadata", [], { name: 1 }, { name: "m", inputs: [{ name: "x" }] }])("metadata are not %j", (body) => {
  expect(() => readMetadata(body, "m")).toThrow("not what the protocol says");
});
