/** What the entries of a vector are, in order: kept with a model, and compared with what it is to be fed. */
import { InputError } from "../input-error.ts";

export interface Feature {
  /** Unique within a schema: "cpu", "p99_latency". */
  readonly name: string;
  /** Of the entry: "cores", "bytes", "s", "ratio". Of a counter, that of its rate: "requests/s". */
  readonly unit: string;
  /** The query that gives the series. */
  readonly promql: string;
  /** A counter only rises, or starts again from zero; its entry is the rate per second. A gauge is taken as it is. */
  readonly kind: "gauge" | "counter";
}

export interface FeatureSchema {
  /** In the order of the vector's entries. */
  readonly features: readonly Feature[];
  /** Milliseconds from one row to the next. */
  readonly step: number;
  /** Rows that are scored together; 1 where a row is scored alone. */
  readonly window: number;
}

/** Throws InputError where the schema contradicts itself. */
export function checkSchema({ features, step, window }: FeatureSchema): void {
  if (features.length === 0) throw new InputError("the schema names no feature");
  const names = new Set<string>();
  for (const { name } of features) {
    if (names.has(name)) throw new InputError(`the schema names the feature "${name}" twice`);
    names.add(name);
  }
  if (!(Number.isInteger(step) && step > 0)) throw new InputError(`the step is ${step}: it must be a whole number of milliseconds, above 0`);
  if (!(Number.isInteger(window) && window > 0)) throw new InputError(`the window is ${window}: it must be a whole number of rows, above 0`);
  const bare = features.find(({ kind, unit }) => kind === "counter" && !unit.endsWith("/s"));
  if (bare !== undefined) throw new InputError(`"${bare.name}" is a counter in "${bare.unit}": its entry is a rate, so its unit must end in "/s"`);
}

/** Throws InputError that names the first difference, where a model of schema `wanted` would be fed vectors of schema `fed`. */
export function checkFed(wanted: FeatureSchema, fed: FeatureSchema): void {
  const fedNames = fed.features.map(({ name }) => name);
  const wantedNames = wanted.features.map(({ name }) => name);
  const missing = wanted.features.find(({ name }) => !fedNames.includes(name));
  const unknown = fed.features.find(({ name }) => !wantedNames.includes(name));
  if (missing !== undefined && unknown !== undefined && missing.promql === unknown.promql)
    throw new InputError(`the model's feature "${missing.name}" is fed as "${unknown.name}": name it as the model does, or train anew`);
  if (missing !== undefined) throw new InputError(`the model's feature "${missing.name}" is not fed`);
  if (unknown !== undefined) throw new InputError(`"${unknown.name}" is fed, the model has no such feature`);
  wanted.features.forEach((feature, index) => {
    const place = fedNames.indexOf(feature.name);
    if (place !== index) throw new InputError(`the model's feature "${feature.name}" is entry ${index}, it is fed as entry ${place}: keep the model's order`);
    const other = fed.features[index] as Feature;
    const field = (["unit", "kind", "promql"] as const).find((each) => feature[each] !== other[each]);
    if (field !== undefined) throw new InputError(`the ${field} of "${feature.name}" is ${other[field]}, the model was trained on ${feature[field]}`);
  });
  if (wanted.step !== fed.step) throw new InputError(`rows are ${fed.step} ms apart, the model was trained on rows ${wanted.step} ms apart`);
  if (wanted.window !== fed.window) throw new InputError(`windows have ${fed.window} rows, the model was trained on windows of ${wanted.window}`);
}
