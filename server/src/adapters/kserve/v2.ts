/**
 * Bodies of the Open Inference Protocol (v2, REST): what is sent, and what an answer must be.
 * https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md
 */
import { z } from "zod";
import { ModelFailure, type Rows } from "../../models/model.ts";
import { holds, isNumberType } from "./tensor-types.ts";

const Tensor = z.looseObject({ name: z.string(), datatype: z.string(), shape: z.array(z.int()).max(16) });
const Metadata = z.looseObject({
  name: z.string(),
  // KServe's own server writes null for what it does not know.
  versions: z.array(z.string()).nullish(),
  platform: z.string().nullish(),
  inputs: z.array(Tensor).max(10_000).nullish(),
});
const Inference = z.looseObject({
  model_name: z.string().optional(),
  model_version: z.string().nullish(),
  id: z.string().nullish(),
  outputs: z.array(Tensor.extend({ data: z.array(z.unknown()) })).min(1),
});

export interface V2Model {
  readonly runtime: string;
  /** Undefined where the server does not say, or has several. */
  readonly version?: string;
  /** Tensors that the model takes; empty where the server does not say, as KServe's own servers of scikit-learn and XGBoost. */
  readonly inputs: readonly z.infer<typeof Tensor>[];
}

/** Throws ModelFailure where this is no metadata of that model. */
export function readMetadata(body: unknown, name: string): V2Model {
  const read = Metadata.safeParse(body);
  if (!read.success) throw new ModelFailure("unusable", `the metadata of ${name} is not what the protocol says: ${firstIssue(read.error)}`);
  const { platform, versions, inputs } = read.data;
  if (read.data.name !== name) throw new ModelFailure("unusable", `asked for ${name}, the server gives the metadata of another model`);
  const [version, ...others] = versions ?? [];
  return { runtime: platform ?? "", inputs: inputs ?? [], ...(version === undefined || others.length > 0 ? {} : { version }) };
}

/** Throws ModelFailure `rows` where the model's input cannot hold them, and `unusable` where it takes something else than one table of numbers. */
export function inferenceRequest({ inputs }: V2Model, rows: Rows, id: string): object {
  const width = rows[0]?.length ?? 0;
  const input = inputs.length === 0 ? { name: "input-0", datatype: "FP64", shape: [-1, -1] } : inputs[0];
  if (input === undefined || inputs.length > 1)
    throw new ModelFailure("unusable", `it takes ${inputs.length} tensors; only models that take one table of numbers can be asked here`);
  const { name, datatype, shape } = input;
  const [many, wanted] = shape;
  if (many === undefined || wanted === undefined || shape.length !== 2 || !isNumberType(datatype))
    throw new ModelFailure(
      "unusable",
      `it takes a tensor of ${datatype} with the shape [${shape.join(", ")}]; only models that take one table of numbers can be asked here`,
    );
  if (wanted >= 0 && wanted !== width) throw new ModelFailure("rows", `rows of ${width} numbers; it takes ${wanted}`);
  if (many >= 0 && many !== rows.length) throw new ModelFailure("rows", `${rows.length} rows; it takes ${many} at a time`);
  const data = rows.flat();
  const stray = data.find((value) => !holds(datatype, value));
  if (stray !== undefined) throw new ModelFailure("rows", `it takes ${datatype}, which cannot hold ${stray}`);
  return { id, inputs: [{ name, shape: [rows.length, width], datatype, data }] };
}

/** The first output: one whole number for each row. Throws ModelFailure `unusable` where the answer is something else. */
export function readInference(
  body: unknown,
  asked: { readonly name: string; readonly id: string; readonly rows: number },
): { readonly predictions: readonly number[]; readonly version: string } {
  const read = Inference.safeParse(body);
  if (!read.success) throw new ModelFailure("unusable", `the answer is not what the protocol says: ${firstIssue(read.error)}`);
  const { model_name, model_version, id, outputs } = read.data;
  if (model_name !== undefined && model_name !== asked.name) throw new ModelFailure("unusable", `asked ${asked.name}, another model answered`);
  if (typeof id === "string" && id !== asked.id) throw new ModelFailure("unusable", "the answer is to another request");
  const [output] = outputs;
  if (output === undefined) throw new ModelFailure("unusable", "the answer has no output");
  const { datatype, shape } = output;
  const values = output.data.flat(shape.length) as readonly unknown[];
  if (shape[0] !== asked.rows || shape.reduce((product, each) => product * each, 1) !== asked.rows)
    throw new ModelFailure("unusable", `its first output has the shape [${shape.join(", ")}] for ${asked.rows} rows: one prediction for each row is needed`);
  if (values.length !== asked.rows) throw new ModelFailure("unusable", `its first output says ${asked.rows} values and has ${values.length}`);
  return { predictions: values.map((value) => wholeNumber(value, datatype)), version: model_version ?? "" };
}

function wholeNumber(value: unknown, datatype: string): number {
  if (datatype === "BOOL" && typeof value === "boolean") return value ? 1 : 0;
  if (typeof value !== "number" || !holds(datatype, value))
    throw new ModelFailure("unusable", `its first output is said to be ${datatype} and holds something else`);
  return prediction(value);
}

/** Throws ModelFailure `unusable` where it is no whole number. */
export function prediction(value: number): number {
  if (Number.isSafeInteger(value)) return value;
  throw new ModelFailure("unusable", `it predicts ${value}: only models that answer whole numbers (classes, or -1 for an anomaly) can be asked here`);
}

export function firstIssue({ issues: [issue] }: z.ZodError): string {
  return `${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`;
}
