/** ONNX Runtime for tests, where it is installed: it is an optional package. */

export interface TensorInput {
  readonly values: Float32Array | Float64Array;
  readonly shape: readonly number[];
}

/** Loads a model, feeds it once, and gives each output's numbers. */
export type RunOnnx = (model: Uint8Array, feeds: Readonly<Record<string, TensorInput>>) => Promise<Readonly<Record<string, Float32Array>>>;

/** Undefined where onnxruntime-node is not installed. */
export async function onnxRuntime(): Promise<RunOnnx | undefined> {
  const runtime = await import("onnxruntime-node").catch(() => undefined);
  if (runtime === undefined) return undefined;
  return async (model, feeds) => {
    const session = await runtime.InferenceSession.create(model, { intraOpNumThreads: 1, logSeverityLevel: 3 });
    const tensors = Object.entries(feeds).map(([name, { values, shape }]) => {
      const tensor = values instanceof Float32Array ? new runtime.Tensor("float32", values, shape) : new runtime.Tensor("float64", values, shape);
      return [name, tensor] as const;
    });
    const answers = await session.run(Object.fromEntries(tensors));
    const numbers = Object.entries(answers).map(([name, tensor]) => [name, tensor.data as Float32Array] as const);
    await session.release();
    return Object.fromEntries(numbers);
  };
}
