/** Nothing is exported that no law was asked about. */
import { expect, it } from "vitest";
import * as library from "../index.ts";
import { SUBJECTS } from "./testing/streams.ts";
import { WHOLES } from "./testing/wholes.ts";

/** What is neither fed with samples nor keeps any, and why its own tests are enough. */
const PLAIN: Readonly<Record<string, string>> = {
  InputError: "the error",
  CHANGES: "names",
  MEMBERS: "names",
  LSTM_DEFAULTS: "numbers",
  createRandom: "a seed gives numbers, those of its own tests",
  matrix: "a form of data",
  matrixOfRows: "a form of data",
  rowOf: "a form of data",
  normalCdf: "mathematics: what is no number gives no number",
  normalQuantile: "mathematics, infinite at 0 and 1",
  normalTail: "mathematics",
  paretoTail: "mathematics",
  paretoQuantile: "mathematics, infinite at 0",
  paretoLikelihood: "mathematics, minus infinity where the tail ends before an excess",
  averageRunLength: "parameters alone: see parameters.test.ts",
  thresholdFor: "parameters alone: see parameters.test.ts",
  levelFor: "parameters alone: see parameters.test.ts",
  rateForTick: "parameters alone: see parameters.test.ts",
  readSnapshot: "bytes: all snapshots of streams.test.ts are made with it",
  writeSnapshot: "bytes: all snapshots of streams.test.ts are made with it",
  changePoints: "the batch of CusumBank in streams.test.ts",
  checkFed: "names and units",
  createGraph: "a file",
  isolationForestOnnx: "a file, compared with its model by ONNX Runtime",
  lstmOnnx: "a file, compared with its model by ONNX Runtime",
};

it("every export is held to the laws, or is said not to need them", () => {
  const known = new Set([...SUBJECTS, ...WHOLES].map(({ name }) => name).concat(Object.keys(PLAIN)));
  expect([...known].toSorted()).toEqual(Object.keys(library).toSorted());
});

it("every exported class that keeps state can be restored from bytes alone, and is among the streams", () => {
  const classes = Object.entries(library).filter(
    ([, value]) => typeof value === "function" && "prototype" in value && "snapshot" in ((value.prototype as object | undefined) ?? {}),
  );
  for (const [name, value] of classes) expect(value, name).toHaveProperty("restore");
  expect(classes.map(([name]) => name).toSorted()).toEqual([...new Set(SUBJECTS.map(({ name }) => name))].toSorted());
});
