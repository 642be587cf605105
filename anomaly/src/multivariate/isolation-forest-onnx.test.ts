import { describe, expect, it } from "vitest";
import { matrix } from "../matrix.ts";
import { createRandom } from "../random.ts";
import { onnxRuntime } from "../testing/onnx-runtime.ts";
import { fitIsolationForest } from "./isolation-forest.ts";
import { isolationForestOnnx } from "./isolation-forest-onnx.ts";

const runtime = await onnxRuntime();

/** Metrics of very different sizes: a ratio, a latency, bytes that move little around much. */
function metrics(rows: number, seed: number) {
  const random = createRandom(seed);
  const values = new Float64Array(rows * 3).map((_, index) => [random.next(), 20 + 5 * random.normal(), 1e10 + 3_000 * random.normal()][index % 3]!);
  return matrix(rows, 3, values);
}

describe.skipIf(runtime === undefined)("ONNX Runtime (where the optional package onnxruntime-node is installed)", () => {
  it.each([
    { trees: 100, subsample: 256, rows: 2_000 },
    { trees: 1, subsample: 2, rows: 10 },
    { trees: 7, subsample: 33, rows: 40 },
    { trees: 100, subsample: 256, rows: 2_000, extension: 2 },
    { trees: 5, subsample: 2, rows: 10, extension: 1 },
  ])("gives our scores to 32 bits: $trees trees of $subsample rows, extended by $extension", async ({ trees, subsample, rows, extension = 0 }) => {
    const training = metrics(rows, 1);
    const forest = fitIsolationForest(training, { trees, subsample, extension });
    const later = metrics(500, 2);
    later.values.set([0.5, 1_000, 1e10, 0.5, 20, 5e10]);
    const model = isolationForestOnnx(forest, "0.1.0");
    const answers = await runtime?.(model, { features: { values: later.values, shape: [500, 3] } });
    const ours = forest.score(later);
    const differences = Array.from(ours, (score, row) => Math.abs(score - (answers?.["score"]?.[row] ?? Number.NaN)));
    expect(Math.max(...differences)).toBeLessThan(1e-6);
    expect(answers?.["score"]).toHaveLength(500);
  });

  it("a forest that saw only constants is a model of leaves", async () => {
    const still = matrix(10, 2, new Float64Array(20).fill(1));
    for (const extension of [0, 1]) {
      const model = isolationForestOnnx(fitIsolationForest(still, { trees: 3, extension }), "0.1.0");
      const answers = await runtime?.(model, { features: { values: still.values, shape: [10, 2] } });
      expect(answers?.["score"]).toHaveLength(10);
      for (const score of answers?.["score"] ?? []) expect(score).toBeCloseTo(0.5, 6);
    }
  });
});

it("the same forest is the same file", () => {
  const training = metrics(100, 3);
  const files = [1, 2].map(() => isolationForestOnnx(fitIsolationForest(training, { trees: 5 }), "0.1.0"));
  expect(files[0]).toEqual(files[1]);
});
