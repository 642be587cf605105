/** Models in ONNX, run by ONNX Runtime: an optional package, which only this file knows. */
import { InputError } from "../src/input-error.ts";

export interface TensorInput {
  readonly values: Float32Array | Float64Array;
  readonly shape: readonly number[];
}

export interface OnnxModel {
  /** Feeds each input by its name and gives the numbers of each output by its name. */
  run(feeds: Readonly<Record<string, TensorInput>>): Promise<Readonly<Record<string, Float32Array>>>;
  close(): Promise<void>;
}

type Runtime = typeof import("onnxruntime-node");

/**
 * Opens the bytes of a model. One thread runs it: a vector is too little work to share, and the engine needs the other cores.
 * Throws InputError where onnxruntime-node is not installed, and where the bytes are no model that it knows. `load` is how the package is found.
 */
export async function openOnnx(model: Uint8Array, load: () => Promise<Runtime> = () => import("onnxruntime-node")): Promise<OnnxModel> {
  const runtime = await load().catch((cause: unknown) => {
    throw new InputError(
      `a model in ONNX needs the optional package onnxruntime-node: install it, or save the model in the library's own bytes (${reason(cause)})`,
    );
  });
  const { InferenceSession, Tensor } = runtime;
  const session = await InferenceSession.create(model, { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 }).catch((cause: unknown) => {
    throw new InputError(`ONNX Runtime does not know this model: ${reason(cause)}`);
  });
  return {
    async run(feeds) {
      const tensors = Object.entries(feeds).map(([name, { values, shape }]) => {
        const tensor = values instanceof Float32Array ? new Tensor("float32", values, shape) : new Tensor("float64", values, shape);
        return [name, tensor] as const;
      });
      const answers = await session.run(Object.fromEntries(tensors)).catch((cause: unknown) => {
        throw new InputError(`the model cannot be fed with this: ${reason(cause)}`);
      });
      return Object.fromEntries(Object.entries(answers).map(([name, tensor]) => [name, tensor.data as Float32Array] as const));
    },
    close: () => session.release(),
  };
}

function reason(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).split("\n")[0] as string;
}
