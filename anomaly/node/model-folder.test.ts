import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { createRandom, InputError, IsolationForest, isolationForestOnnx, matrix } from "../src/index.ts";
import { onnxRuntime } from "../src/testing/onnx-runtime.ts";
import { LIBRARY_VERSION, type ModelDescription } from "./model-description.ts";
import { hashOfRows, loadModel, saveModel } from "./model-folder.ts";
import { openOnnx } from "./onnx.ts";

const installed = (await onnxRuntime()) !== undefined;
const top = mkdtempSync(join(tmpdir(), "models-"));
afterAll(() => rmSync(top, { recursive: true }));
let count = 0;
const fresh = (): string => join(top, `case-${++count}`, "checkout-3");

const random = createRandom(1);
const training = matrix(
  300,
  2,
  new Float64Array(600).map(() => random.normal()),
);
const forest = IsolationForest.fit(training, { trees: 10 });
const files = { "model.onnx": isolationForestOnnx(forest, LIBRARY_VERSION), "forest.snapshot": forest.snapshot() };

const description: ModelDescription = {
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
  training: { from: 0, to: 18_000_000, rows: 300, dataHash: hashOfRows(training) },
  heldOut: { from: 18_000_000, to: 20_000_000, metrics: { alarms_per_day: 0.4 } },
  calibration: [
    { score: 0.5, share: 0.3 },
    { score: 0.6, share: 0.01 },
  ],
};
const { schema } = description;

async function saved(): Promise<string> {
  const folder = fresh();
  await saveModel(folder, description, files);
  return folder;
}

/** Changes what model.json says at a path, as somebody with an editor would. */
function edit(folder: string, at: readonly (string | number)[], value: unknown): void {
  const path = join(folder, "model.json");
  const model: unknown = JSON.parse(readFileSync(path, "utf8"));
  let place = model as Record<string | number, unknown>;
  for (const key of at.slice(0, -1)) place = place[key] as typeof place;
  place[at.at(-1)!] = value;
  writeFileSync(path, JSON.stringify(model));
}

const anyFile = { bytes: 1, sha256: "0".repeat(64) };

describe("a model that was saved", () => {
  it("comes back as it was, and scores as it did", async () => {
    const model = await loadModel(await saved(), { schema, name: "checkout", version: "3" });
    expect(model.description).toMatchObject({ ...description, format: 1, library: LIBRARY_VERSION });
    expect(IsolationForest.restore(model.files["forest.snapshot"]!).score(training)).toEqual(forest.score(training));
  });

  it.skipIf(!installed)("scores the same in ONNX Runtime (where the optional package onnxruntime-node is installed)", async () => {
    const model = await loadModel(await saved(), { schema });
    const onnx = await openOnnx(model.files["model.onnx"]!);
    const { score } = await onnx.run({ features: { values: training.values, shape: [300, 2] } });
    await onnx.close();
    expect(Math.max(...forest.score(training).map((each, row) => Math.abs(each - score![row]!)))).toBeLessThan(1e-6);
  });

  it("may be saved again under another name, as what this library writes", async () => {
    const { description: old } = await loadModel(await saved(), { schema });
    const again = fresh();
    await saveModel(again, { ...old, format: 0, library: "0.0.1", version: "4" } as ModelDescription, files);
    expect((await loadModel(again, { schema })).description).toMatchObject({ format: 1, library: LIBRARY_VERSION, version: "4" });
  });

  it("is read whatever it will be fed where nobody can say that, and checked in every other way", async () => {
    const folder = await saved();
    expect((await loadModel(folder, {})).description.schema).toEqual(schema);
    truncateSync(join(folder, "forest.snapshot"), 100);
    await expect(loadModel(folder, {})).rejects.toThrow("it was cut");
  });

  it("is a folder of three files, and nothing else is left beside it", async () => {
    const folder = await saved();
    expect(readdirSync(folder).sort()).toEqual(["forest.snapshot", "model.json", "model.onnx"]);
    expect(readdirSync(join(folder, ".."))).toEqual(["checkout-3"]);
  });

  it("says what it is by the package's own version", () => {
    const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string };
    expect(LIBRARY_VERSION).toBe(version);
  });
});

describe("saving leaves nothing half-written", () => {
  it("where there is a model already: that one stays", async () => {
    const folder = await saved();
    await expect(saveModel(folder, { ...description, version: "4" }, files)).rejects.toThrow("there is a model in");
    expect((await loadModel(folder, { schema })).description.version).toBe("3");
  });

  it("where the description would not be read back", async () => {
    const folder = fresh();
    await expect(saveModel(folder, { ...description, name: "../other" }, files)).rejects.toThrow('model.json: name is "../other"');
    await expect(saveModel(folder, description, { "../model.onnx": files["model.onnx"] })).rejects.toThrow('names "../model.onnx"');
    await expect(saveModel(folder, { ...description, heldOut: { from: 0, to: 1, metrics: { delay: Number.NaN } } }, files)).rejects.toThrow(
      "heldOut.metrics.delay",
    );
    expect(() => readdirSync(join(folder, ".."))).toThrow("ENOENT");
  });

  it("where the disk takes no more", async () => {
    const folder = fresh();
    mkdirSync(join(folder, ".."));
    const script = `
      import { saveModel } from ${JSON.stringify(new URL("model-folder.ts", import.meta.url).href)};
      const description = ${JSON.stringify(description)};
      try { await saveModel(${JSON.stringify(folder)}, description, { "model.onnx": new Uint8Array(1_000_000).fill(1) }); }
      catch (error) { console.log(error.message); process.exitCode = 3; }`;
    // No file of this process may have more than 64 blocks of 512 bytes: the write fails halfway, as on a full disk.
    const { status, stdout } = spawnSync(
      "sh",
      ["-c", 'ulimit -f 64; exec "$@"', "sh", process.execPath, "--no-warnings", "--input-type=module-typescript", "-e", script],
      {
        encoding: "utf8",
      },
    );
    expect({ status, stdout }).toEqual({ status: 3, stdout: expect.stringMatching(/could not be written into .*EFBIG/) });
    expect(readdirSync(join(folder, ".."))).toEqual([]);
  });

  it("where several save under one name at once: one of them is there, whole, and nothing else", async () => {
    const folder = fresh();
    const saves = await Promise.allSettled(["3", "4", "5", "6"].map((version) => saveModel(folder, { ...description, version }, files)));
    const winners = saves.flatMap(({ status }, index) => (status === "fulfilled" ? [String(3 + index)] : []));
    expect(winners).toEqual([(await loadModel(folder, { schema })).description.version]);
    expect(readdirSync(join(folder, ".."))).toEqual(["checkout-3"]);
  });

  it("where the process is killed while it writes: there is no model, or a whole one", async () => {
    const folder = fresh();
    const parent = join(folder, "..");
    mkdirSync(parent);
    const script = `
      import { saveModel } from ${JSON.stringify(new URL("model-folder.ts", import.meta.url).href)};
      await saveModel(${JSON.stringify(folder)}, ${JSON.stringify(description)}, { "model.onnx": new Uint8Array(30_000_000).fill(1) });`;
    const child = spawn(process.execPath, ["--no-warnings", "--input-type=module-typescript", "-e", script]);
    const ended = once(child, "exit");
    while (readdirSync(parent).length === 0 && child.exitCode === null) await setImmediate();
    child.kill("SIGKILL");
    await ended;
    if (existsSync(folder)) expect((await loadModel(folder, { schema })).files["model.onnx"]).toHaveLength(30_000_000);
    else {
      await saveModel(folder, description, files);
      expect((await loadModel(folder, { schema })).description.version).toBe("3");
    }
  });

  it("where the parent is no folder", async () => {
    const file = join(top, "file");
    writeFileSync(file, "");
    await expect(saveModel(join(file, "checkout-3"), description, files)).rejects.toThrow(/cannot be looked at|could not be written/);
  });
});

describe("loading refuses, and says why", () => {
  const refuses = async (folder: string, message: string, expected: Partial<Parameters<typeof loadModel>[1]> = {}): Promise<void> => {
    const loading = loadModel(folder, { schema, ...expected });
    await expect(loading).rejects.toThrow(InputError);
    await expect(loading).rejects.toThrow(message);
  };

  it("a folder without a model", () => refuses(join(top, "nowhere"), "there is no model in"));
  it("another model", async () => refuses(await saved(), 'holds the model "checkout", not "cart"', { name: "cart" }));
  it("another version", async () => refuses(await saved(), 'holds version 3 of "checkout", not version 2', { version: "2" }));
  it("another feed, by the feature's name", async () => {
    const fed = { ...schema, features: [schema.features[0]!, { ...schema.features[1]!, unit: "errors/min" }] };
    await refuses(await saved(), 'the unit of "errors" is errors/min, the model was trained on errors/s', { schema: fed });
  });

  it("a file that was changed, that was cut, that is gone", async () => {
    const changed = await saved();
    const bytes = Uint8Array.from(files["forest.snapshot"]);
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(join(changed, "forest.snapshot"), bytes);
    await refuses(changed, "its SHA-256 differs");
    const cut = await saved();
    truncateSync(join(cut, "model.onnx"), 100);
    await refuses(cut, "has 100 bytes, model.json says");
    const gone = await saved();
    rmSync(join(gone, "model.onnx"));
    await refuses(gone, "model.onnx is missing");
  });

  it("a link, even to the right bytes", async () => {
    const folder = await saved();
    renameSync(join(folder, "model.onnx"), join(folder, "..", "elsewhere.onnx"));
    symlinkSync(join("..", "elsewhere.onnx"), join(folder, "model.onnx"));
    await refuses(folder, "model.onnx is a link");
  });

  it("a pipe, without waiting for it", async () => {
    const folder = await saved();
    rmSync(join(folder, "model.onnx"));
    execFileSync("mkfifo", [join(folder, "model.onnx")]);
    await refuses(folder, "model.onnx is no plain file");
  });

  it("a folder in place of a file", async () => {
    const folder = await saved();
    rmSync(join(folder, "model.onnx"));
    mkdirSync(join(folder, "model.onnx"));
    await refuses(folder, "model.onnx is no plain file");
  });

  it("what is too large: together, each file, and model.json", async () => {
    const folder = await saved();
    await refuses(folder, "1000 are allowed", { mostBytes: 1_000 });
    writeFileSync(join(folder, "model.onnx"), new Uint8Array(1_000_000));
    await refuses(folder, "model.onnx has 1000000 bytes");
    writeFileSync(join(folder, "model.json"), " ".repeat(2 << 20));
    await refuses(folder, "1048576 are allowed");
  });

  it.each<[string, (string | number)[], unknown, string]>([
    ["a path out of the folder", ["files", "../secret.onnx"], anyFile, 'names "../secret.onnx"'],
    ["an absolute path", ["files", "/etc/x.onnx"], anyFile, 'names "/etc/x.onnx"'],
    ["a pickle", ["files", "model.pkl"], anyFile, "never a path or a pickle"],
    ["a form of another day", ["format"], 2, "format is 2, this library reads 1"],
    ["another series of the library", ["library"], "0.2.0", "library is 0.2.0, this is"],
    ["a field that is missing", ["training"], undefined, "training is missing"],
    ["a field of another type", ["schema", "step"], "60s", 'schema.step is "60s": it must be a number'],
    ["a kind that is none", ["schema", "features", 1, "kind"], "histogram", 'schema.features[1].kind is "histogram"'],
    ["no file at all", ["files"], {}, "names 0 files"],
    ["a hash that is none", ["training", "dataHash"], "abc", "training.dataHash is no SHA-256"],
    ["time that runs backwards", ["heldOut", "to"], 1, "heldOut ends before it begins"],
    ["held-out time that was trained on", ["heldOut", "from"], 17_999_999, "heldOut begins before the training ends"],
    ["a calibration that falls", ["calibration", 1, "score"], 0.4, "calibration[1] is out of order"],
    ["a share of more than all", ["calibration", 0, "share"], 1.5, "calibration[0].share is 1.5"],
  ])("a model.json with %s", async (_, at, value, message) => {
    const folder = await saved();
    edit(folder, at, value);
    await refuses(folder, message);
  });

  it("a model.json that is no JSON", async () => {
    const folder = await saved();
    writeFileSync(join(folder, "model.json"), "{");
    await refuses(folder, "model.json is no JSON");
  });
});

it("the hash of rows is of their numbers and their shape", () => {
  const values = Float64Array.of(1, 2, 3, 4, 5, 6);
  const hashes = [matrix(2, 3, values), matrix(3, 2, values), matrix(2, 3, Float64Array.of(1, 2, 3, 4, 5, 7))].map(hashOfRows);
  expect(new Set(hashes).size).toBe(3);
  expect(hashOfRows(matrix(2, 3, values.slice()))).toBe(hashes[0]);
});
