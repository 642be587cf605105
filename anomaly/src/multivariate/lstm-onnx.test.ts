import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matrix, rowOf } from "../matrix.ts";
import { createRandom } from "../random.ts";
import { onnxRuntime } from "../testing/onnx-runtime.ts";
import { fitLstmAutoencoder } from "./lstm-autoencoder.ts";
import { lstmOnnx } from "./lstm-onnx.ts";

const runtime = await onnxRuntime();

describe.skipIf(runtime === undefined)("ONNX Runtime (where the optional package onnxruntime-node is installed)", () => {
  it("gives each window the score and the contributions that the library gives its last row, to 32 bits, gaps and far values included", async () => {
    const sizes = fc.record({
      features: fc.integer({ min: 1, max: 5 }),
      hidden: fc.integer({ min: 1, max: 7 }),
      window: fc.integer({ min: 2, max: 9 }),
      seed: fc.nat(),
    });
    await fc.assert(
      fc.asyncProperty(sizes, async ({ features, hidden, window, seed }) => {
        const random = createRandom(seed);
        const numbers = (rows: number): Float64Array => Float64Array.from({ length: rows * features }, () => 1e6 + 50 * random.normal());
        const recent = 1 + random.below(window);
        const model = fitLstmAutoencoder(matrix(80, features, numbers(80)), { window, hidden, recent, epochs: 2, batch: 16, learningRate: 0.02 });
        const table = matrix(
          window + 5,
          features,
          numbers(window + 5).map((value) => (random.next() < 0.1 ? Number.NaN : random.next() < 0.1 ? value * 3 : value)),
        );
        const { scores, contributions } = model.score(table);
        const windows = Float64Array.from({ length: 6 * window * features }, (_, k) => {
          const [start, within] = [Math.floor(k / (window * features)), k % (window * features)];
          return table.values[start * features + within] as number;
        });
        const answers = await runtime?.(lstmOnnx(model, "1"), { windows: { values: windows, shape: [6, window, features] } });
        for (let start = 0; start < 6; start++) {
          const row = start + window - 1;
          expect(Math.abs((answers?.["score"]?.[start] as number) / (scores[row] as number) - 1) || 0).toBeLessThan(2e-5);
          rowOf(contributions, row).forEach((value, feature) => {
            expect(Math.abs((answers?.["contributions"]?.[start * features + feature] as number) - value)).toBeLessThan(1e-5 * (1 + value));
          });
        }
      }),
      { numRuns: 25 },
    );
  });
});

it("is the same file for the same model", () => {
  const random = createRandom(1);
  const table = matrix(
    60,
    2,
    new Float64Array(120).map(() => random.normal()),
  );
  const model = fitLstmAutoencoder(table, { window: 6, hidden: 2, epochs: 1 });
  expect(lstmOnnx(model, "1")).toEqual(lstmOnnx(model, "1"));
});
