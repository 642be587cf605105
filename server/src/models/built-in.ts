/** A model of the anomaly library, run here. It is ready once its folder was read whole, every checksum held, and it was restored from its bytes. */
import { InputError, IsolationForest, type Matrix, matrixOfRows, Pca } from "@kintsugi/anomaly";
import { loadModel, type ModelFile, type SavedModel } from "@kintsugi/anomaly/node";
import { type Detection, type Model, ModelFailure, type ModelState, type Rows } from "./model.ts";

export interface BuiltInConfig {
  readonly name: string;
  readonly folder: string;
  /** A score above it is an anomaly; needed where the method has none of its own. */
  readonly threshold?: number;
}

type Loaded =
  | { readonly type: "loading" }
  | { readonly type: "failed"; readonly why: string }
  | { readonly type: "ready"; readonly description: ModelFile; readonly scorer: Scorer };

interface Scorer {
  /** A score above it is an anomaly. */
  readonly threshold: number;
  score(rows: Matrix): Float64Array;
}

/** As scikit-learn says it. */
const ANOMALY = -1;
const USUAL = 1;

export class BuiltInModel implements Model {
  readonly name: string;
  readonly place = { type: "built-in", service: "kintsugi", namespace: "" } as const;
  readonly #config: BuiltInConfig;
  #loaded: Loaded = { type: "loading" };

  constructor(config: BuiltInConfig) {
    this.name = config.name;
    this.#config = config;
  }

  /** Reads the folder. Says why where the model cannot be used; the next call tries again. */
  async load(): Promise<string | undefined> {
    try {
      const saved = await loadModel(this.#config.folder, {});
      this.#loaded = { type: "ready", description: saved.description, scorer: scorerOf(saved, this.#config.threshold) };
      return undefined;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#loaded = { type: "failed", why };
      return why;
    }
  }

  async state(): Promise<ModelState> {
    const loaded = this.#loaded;
    if (loaded.type === "loading") return { status: "unknown", message: "its folder is being read" };
    if (loaded.type === "failed") return { status: "unavailable", message: loaded.why };
    const { description } = loaded;
    const features = description.schema.features.map(({ name }) => name);
    const message = `${description.name} ${description.version}, ${description.method}, loaded with its checksums; it takes rows of ${features.length}: ${features.join(", ")}`;
    return { status: "ready", message, runtime: description.method, version: description.version };
  }

  async detect(rows: Rows): Promise<Detection> {
    const loaded = this.#loaded;
    if (loaded.type !== "ready") throw new ModelFailure("unreachable", `${this.name} is not ready: ${(await this.state()).message}`);
    const { description, scorer } = loaded;
    const { features } = description.schema;
    const width = rows[0]?.length ?? 0;
    if (width !== features.length)
      throw new ModelFailure(
        "rows",
        `rows of ${width} numbers; ${this.name} takes ${features.length}, in this order: ${features.map(({ name, unit }) => `${name} (${unit})`).join(", ")}`,
      );
    const scores = scorer.score(matrixOfRows(rows));
    return { predictions: Array.from(scores, (score) => (score > scorer.threshold ? ANOMALY : USUAL)), version: description.version };
  }
}

const SNAPSHOT = ".snapshot";

/** Throws InputError where rows that stand alone cannot be told apart by this model. */
function scorerOf({ description, files }: SavedModel, given: number | undefined): Scorer {
  const { method, schema, name } = description;
  if (schema.window !== 1) throw new InputError(`${name} scores windows of ${schema.window} rows: only models that score each row by itself can be asked here`);
  const snapshots = Object.entries(files).filter(([file]) => file.endsWith(SNAPSHOT));
  const [bytes] = snapshots.map(([, each]) => each);
  if (bytes === undefined || snapshots.length > 1) throw new InputError(`${name} has ${snapshots.length} files that end in ${SNAPSHOT}: exactly one is needed`);
  if (method === "isolation-forest") {
    const forest = IsolationForest.restore(bytes);
    checkWidth(name, forest.trees.columns, schema.features.length);
    return { threshold: given ?? forest.threshold, score: (rows) => forest.score(rows) };
  }
  if (method === "pca") {
    const pca = Pca.restore(bytes);
    checkWidth(name, pca.columns, schema.features.length);
    if (given === undefined) throw new InputError(`${name} is a pca, which has no threshold of its own: set \`threshold\` (about 1 is usual)`);
    return { threshold: given, score: (rows) => pca.squares(rows) };
  }
  throw new InputError(`${name} is made by ${JSON.stringify(method)}: isolation-forest and pca can be run here`);
}

function checkWidth(name: string, columns: number, features: number): void {
  if (columns !== features) throw new InputError(`${name} was made for ${columns} features, its model.json names ${features}: the two are not of one model`);
}
