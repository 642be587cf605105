import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { BuiltInModel } from "./built-in.ts";
import { FOREST, savedForest, savedPca } from "./testing/saved-models.ts";

let top: string;
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), "built-in-"));
});
afterEach(() => rmSync(top, { recursive: true }));

async function loaded(folder: string, threshold?: number): Promise<BuiltInModel> {
  const model = new BuiltInModel({ name: "anomaly-detector", folder, ...(threshold === undefined ? {} : { threshold }) });
  await model.load();
  return model;
}

const USUAL = [0.1, -0.2];
const FAR_OUT = [40, -40];

it("says -1 for an anomaly and 1 for what is usual, as scikit-learn does", async () => {
  const model = await loaded(await savedForest(top));
  expect(await model.detect([USUAL, FAR_OUT, USUAL])).toEqual({ predictions: [1, -1, 1], version: "3" });
});

it("goes by the operator's threshold where there is one", async () => {
  const folder = await savedForest(top);
  expect((await (await loaded(folder, 1)).detect([FAR_OUT])).predictions).toEqual([1]);
  expect((await (await loaded(folder, 0)).detect([USUAL])).predictions).toEqual([-1]);
});

it("is not ready before it was read, and then says what it takes", async () => {
  const model = new BuiltInModel({ name: "anomaly-detector", folder: await savedForest(top) });
  expect(await model.state()).toMatchObject({ status: "unknown" });
  await expect(model.detect([USUAL])).rejects.toMatchObject({ trouble: "unreachable" });
  expect(await model.load()).toBeUndefined();
  expect(await model.state()).toMatchObject({
    status: "ready",
    runtime: "isolation-forest",
    version: "3",
    message: expect.stringContaining("rows of 2: cpu, errors"),
  });
});

it("refuses rows of another width and says the right one, with what goes where", async () => {
  const model = await loaded(await savedForest(top));
  await expect(model.detect([[1, 2, 3]])).rejects.toMatchObject({
    trouble: "rows",
    message: "rows of 3 numbers; anomaly-detector takes 2, in this order: cpu (cores), errors (errors/s)",
  });
});

it("never becomes ready when a byte of it was changed", async () => {
  const folder = await savedForest(top);
  const bytes = readFileSync(join(folder, FOREST));
  bytes[100] = (bytes[100] ?? 0) ^ 1;
  writeFileSync(join(folder, FOREST), bytes);
  const model = await loaded(folder);
  expect(await model.state()).toMatchObject({ status: "unavailable", message: expect.stringContaining("its SHA-256 differs") });
  await expect(model.detect([USUAL])).rejects.toMatchObject({ trouble: "unreachable" });
});

it("can be a PCA, which needs a threshold", async () => {
  const folder = await savedPca(top);
  expect((await (await loaded(folder, 9)).detect([USUAL, FAR_OUT])).predictions).toEqual([1, -1]);
  expect(await (await loaded(folder)).state()).toMatchObject({ status: "unavailable", message: expect.stringContaining("set `threshold`") });
});

it("is refused where it would not be asked what it was made for", async () => {
  const schema = { features: [{ name: "cpu", unit: "cores", promql: "cpu", kind: "gauge" }], step: 60_000 } as const;
  const why = async (folder: string) => (await (await loaded(folder)).state()).message;
  expect(await why(await savedForest(top, { schema: { ...schema, window: 20 } }))).toContain("scores windows of 20 rows");
  expect(await why(await savedForest(top, { schema: { ...schema, window: 1 } }))).toContain("made for 2 features, its model.json names 1");
  expect(await why(await savedForest(top, { method: "lstm-autoencoder" }))).toContain("isolation-forest and pca can be run here");
  expect(await why(join(top, "nowhere"))).toContain("there is no model in");
});
