/** model.json: what a trained model is, what it may be fed, and how good it was. Read with suspicion. */
import { InputError } from "../src/input-error.ts";
import { checkSchema, type Feature, type FeatureSchema } from "../src/multivariate/feature-schema.ts";

/** The form of model.json. A reader refuses another one. */
export const MODEL_FORMAT = 1;

/** Version of this library, as in its package.json. */
export const LIBRARY_VERSION = "0.1.0";

export interface ModelSpan {
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
}

/** What the one who trained a model knows about it. */
export interface ModelDescription {
  /** Of the model, the same in each version: "checkout". Letters, digits, `.`, `_`, `-`. */
  readonly name: string;
  /** Of its training: "2026-11-26". */
  readonly version: string;
  /** The method: "isolation-forest". */
  readonly method: string;
  readonly schema: FeatureSchema;
  readonly training: ModelSpan & {
    readonly rows: number;
    /** SHA-256 of the rows, see `hashOfRows`. */
    readonly dataHash: string;
  };
  /** Measured on time after the training span, by name: "alarms_per_day". */
  readonly heldOut: ModelSpan & { readonly metrics: Readonly<Record<string, number>> };
  /** What a score means: the share of usual vectors that score as high or higher. Scores rise, shares do not. */
  readonly calibration: readonly { readonly score: number; readonly share: number }[];
}

/** model.json as it stands in the folder. */
export interface ModelFile extends ModelDescription {
  readonly format: number;
  /** Version of the library that wrote it. */
  readonly library: string;
  /** By name, with size in bytes and SHA-256 in hexadecimal digits. */
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
}

const FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]*\.(onnx|snapshot)$/;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
const SHA_256 = /^[0-9a-f]{64}$/;
const MOST_FILES = 16;

/** Throws InputError that names the first field that is wrong. */
export function parseModelFile(text: string): ModelFile {
  const model = field(parse(text), "model.json", isObject, "an object");
  const format = field(model["format"], "format", isNumber, "a number");
  if (format !== MODEL_FORMAT) throw wrong("format", `is ${format}, this library reads ${MODEL_FORMAT}: train anew, or use the library that wrote it`);
  const library = field(model["library"], "library", isText, "a text");
  if (seriesOf(library) !== seriesOf(LIBRARY_VERSION))
    throw wrong("library", `is ${library}, this is ${LIBRARY_VERSION}: a model is read by releases of the same series alone; train anew`);
  const training = parseTraining(model["training"]);
  const heldOut = parseHeldOut(model["heldOut"]);
  if (heldOut.from < training.to) throw wrong("heldOut", "begins before the training ends: what a model was trained on does not tell how good it is");
  const description = {
    name: checkName(field(model["name"], "name", isText, "a text"), "name"),
    version: checkName(field(model["version"], "version", isText, "a text"), "version"),
    method: field(model["method"], "method", isText, "a text"),
    schema: parseSchema(model["schema"]),
    training,
    heldOut,
    calibration: parseCalibration(model["calibration"]),
  };
  return { ...description, format, library, files: parseFiles(model["files"]) };
}

/** Throws InputError where it would not be read back. */
export function checkDescription(description: ModelDescription, files: Readonly<Record<string, Uint8Array>>): void {
  const listed = Object.fromEntries(Object.entries(files).map(([name, { length }]) => [name, { bytes: length, sha256: "0".repeat(64) }]));
  parseModelFile(JSON.stringify({ ...description, format: MODEL_FORMAT, library: LIBRARY_VERSION, files: listed }));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InputError(`model.json is no JSON: ${(cause as Error).message}`);
  }
}

/** Releases that read one another's models: of the same first number, before 1.0 of the same second one. */
function seriesOf(version: string): string {
  const [major, minor] = version.split(".");
  return major === "0" ? `0.${minor}` : `${major}`;
}

function parseSchema(value: unknown): FeatureSchema {
  const schema = field(value, "schema", isObject, "an object");
  const features = field(schema["features"], "schema.features", Array.isArray, "a list").map((each: unknown, index): Feature => {
    const at = `schema.features[${index}]`;
    const feature = field(each, at, isObject, "an object");
    const kind = field(feature["kind"], `${at}.kind`, isText, "a text");
    if (kind !== "gauge" && kind !== "counter") throw wrong(`${at}.kind`, `is "${kind}": it must be "gauge" or "counter"`);
    const [name, unit, promql] = (["name", "unit", "promql"] as const).map((key) => field(feature[key], `${at}.${key}`, isText, "a text"));
    return { name: name as string, unit: unit as string, promql: promql as string, kind };
  });
  const step = field(schema["step"], "schema.step", isNumber, "a number");
  const window = field(schema["window"], "schema.window", isNumber, "a number");
  checkSchema({ features, step, window });
  return { features, step, window };
}

function parseSpan(value: Readonly<Record<string, unknown>>, at: string): ModelSpan {
  const from = field(value["from"], `${at}.from`, isNumber, "a number");
  const to = field(value["to"], `${at}.to`, isNumber, "a number");
  if (to < from) throw wrong(at, "ends before it begins");
  return { from, to };
}

function parseTraining(value: unknown): ModelDescription["training"] {
  const training = field(value, "training", isObject, "an object");
  const dataHash = field(training["dataHash"], "training.dataHash", isText, "a text");
  if (!SHA_256.test(dataHash)) throw wrong("training.dataHash", "is no SHA-256 of 64 hexadecimal digits");
  return { ...parseSpan(training, "training"), rows: field(training["rows"], "training.rows", isNumber, "a number"), dataHash };
}

function parseHeldOut(value: unknown): ModelDescription["heldOut"] {
  const heldOut = field(value, "heldOut", isObject, "an object");
  const metrics = Object.entries(field(heldOut["metrics"], "heldOut.metrics", isObject, "an object"));
  return {
    ...parseSpan(heldOut, "heldOut"),
    metrics: Object.fromEntries(metrics.map(([name, each]) => [name, field(each, `heldOut.metrics.${name}`, isNumber, "a number")])),
  };
}

function parseCalibration(value: unknown): ModelDescription["calibration"] {
  const table = field(value, "calibration", Array.isArray, "a list").map((each: unknown, index) => {
    const entry = field(each, `calibration[${index}]`, isObject, "an object");
    const score = field(entry["score"], `calibration[${index}].score`, isNumber, "a number");
    const share = field(entry["share"], `calibration[${index}].share`, isNumber, "a number");
    if (share < 0 || share > 1) throw wrong(`calibration[${index}].share`, `is ${share}: it must be from 0 to 1`);
    return { score, share };
  });
  table.forEach(({ score, share }, index) => {
    const before = table[index - 1];
    if (before !== undefined && (score <= before.score || share > before.share))
      throw wrong(`calibration[${index}]`, "is out of order: scores rise, shares do not");
  });
  return table;
}

function parseFiles(value: unknown): ModelFile["files"] {
  const entries = Object.entries(field(value, "files", isObject, "an object"));
  if (entries.length === 0 || entries.length > MOST_FILES) throw wrong("files", `names ${entries.length} files: 1 to ${MOST_FILES} are allowed`);
  const files = entries.map(([name, each]) => {
    if (!FILE_NAME.test(name))
      throw wrong("files", `names ${JSON.stringify(name)}: only plain names that end in .onnx or .snapshot are read, never a path or a pickle`);
    const file = field(each, `files.${name}`, isObject, "an object");
    const bytes = field(file["bytes"], `files.${name}.bytes`, isNumber, "a number");
    const sha256 = field(file["sha256"], `files.${name}.sha256`, isText, "a text");
    if (!(Number.isInteger(bytes) && bytes >= 0)) throw wrong(`files.${name}.bytes`, `is ${bytes}`);
    if (!SHA_256.test(sha256)) throw wrong(`files.${name}.sha256`, "is no SHA-256 of 64 hexadecimal digits");
    return [name, { bytes, sha256 }] as const;
  });
  return Object.fromEntries(files);
}

function checkName(name: string, at: string): string {
  if (!NAME.test(name)) throw wrong(at, `is ${JSON.stringify(name)}: letters, digits, "." "_" "-" are allowed, a letter or digit first`);
  return name;
}

const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null && !Array.isArray(value);

function field<T>(value: unknown, at: string, is: (value: unknown) => value is T, right: string): T {
  if (!is(value)) throw wrong(at, `${value === undefined ? "is missing" : `is ${JSON.stringify(value)}`}: it must be ${right}`);
  return value;
}

function wrong(at: string, what: string): InputError {
  return new InputError(`model.json: ${at} ${what}`);
}
