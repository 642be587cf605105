/** Model folders as the anomaly library writes them. */
import { join } from "node:path";
import { createRandom, IsolationForest, matrix, Pca } from "@kintsugi/anomaly";
import { hashOfRows, type ModelDescription, saveModel } from "@kintsugi/anomaly/node";

const random = createRandom(1);
/** 300 usual vectors of two numbers around 0. */
const USUAL = matrix(
  300,
  2,
  new Float64Array(600).map(() => random.normal()),
);

const DESCRIPTION: ModelDescription = {
  name: "checkout",
  version: "3",
  method: "isolation-forest",
  schema: {
    features: [
      { name: "cpu", unit: "cores", promql: "rate(cpu[1m])", kind: "gauge" },
      { name: "errors", unit: "errors/s", promql: "errors_total", kind: "counter" },
    ],
    step: 60_000,
    window: 1,
  },
  training: { from: 0, to: 18_000_000, rows: 300, dataHash: hashOfRows(USUAL) },
  heldOut: { from: 18_000_000, to: 20_000_000, metrics: {} },
  calibration: [],
};

export const FOREST = "forest.snapshot";

/** A forest that calls a hundredth of what it has seen unusual. Returns its folder. */
export async function savedForest(top: string, given: Partial<ModelDescription> = {}): Promise<string> {
  const forest = IsolationForest.fit(USUAL, { trees: 50, contamination: 0.01 });
  return saved(top, { ...DESCRIPTION, ...given }, { [FOREST]: forest.snapshot() });
}

export async function savedPca(top: string): Promise<string> {
  return saved(top, { ...DESCRIPTION, name: "orders", method: "pca" }, { "orders.snapshot": Pca.fit(USUAL).snapshot() });
}

async function saved(top: string, description: ModelDescription, files: Readonly<Record<string, Uint8Array>>): Promise<string> {
  const folder = join(top, `${description.name}-${description.method}-${description.schema.window}`);
  await saveModel(folder, description, files);
  return folder;
}
