/** Series to rows, a forest trained on them, saved as a folder, and read back by one who says what he will feed. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createRandom,
  extractFeatures,
  type FeatureSchema,
  fitIsolationForest,
  isolationForestOnnx,
  type NamedSeries,
  restoreIsolationForest,
} from "@kintsugi/anomaly";
import { hashOfRows, loadModel, saveModel } from "@kintsugi/anomaly/node";

const minute = 60_000;
const schema: FeatureSchema = {
  features: [
    { name: "requests", unit: "requests/s", promql: "http_requests_total", kind: "counter" },
    { name: "memory", unit: "bytes", promql: "container_memory_working_set_bytes", kind: "gauge" },
  ],
  step: minute,
  window: 1,
};

const random = createRandom(1);
const times = Float64Array.from({ length: 1_440 }, (_, index) => index * minute);
let counted = 0;
const series: NamedSeries[] = [
  { name: "requests", unit: "requests", times, values: times.map(() => (counted += 600 + 60 * random.normal())) },
  { name: "memory", unit: "MiB", times, values: times.map(() => 300 + 5 * random.normal()) },
];

const span = { from: minute, to: 999 * minute };
const { rows } = extractFeatures(series, schema, span);
const forest = fitIsolationForest(rows, { contamination: 0.01, seed: 1 });
const later = extractFeatures(series, schema, { from: 1_000 * minute, to: 1_439 * minute });
const unusual = forest.predict(later.rows).reduce((sum, each) => sum + each, 0);

const parent = mkdtempSync(join(tmpdir(), "models-"));
const folder = join(parent, "shop-1");
await saveModel(
  folder,
  {
    name: "shop",
    version: "1",
    method: "isolation-forest",
    schema,
    training: { ...span, rows: rows.rows, dataHash: hashOfRows(rows) },
    heldOut: { from: 1_000 * minute, to: 1_439 * minute, metrics: { share_unusual: unusual / later.rows.rows } },
    calibration: [{ score: forest.threshold, share: 0.01 }],
  },
  { "model.onnx": isolationForestOnnx(forest, "1"), "forest.snapshot": forest.snapshot() },
);

const model = await loadModel(folder, { schema, name: "shop" });
const restored = restoreIsolationForest(model.files["forest.snapshot"] ?? new Uint8Array());
console.log(`score of the last row: ${restored.score(later.rows).at(-1)?.toFixed(3)}, before saving: ${forest.score(later.rows).at(-1)?.toFixed(3)}`);

const renamed = { ...schema, features: schema.features.map((feature) => (feature.name === "memory" ? { ...feature, name: "rss" } : feature)) };
await loadModel(folder, { schema: renamed }).catch((error: Error) => console.log(error.message));
rmSync(parent, { recursive: true });

// prints:
// score of the last row: 0.536, before saving: 0.536
// the model's feature "memory" is fed as "rss": name it as the model does, or train anew
