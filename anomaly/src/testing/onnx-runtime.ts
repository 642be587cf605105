/** ONNX Runtime for tests, where it is installed: it is an optional package. */
import { openOnnx, type TensorInput } from "../../node/onnx.ts";

/** Loads a model, feeds it once, and gives each output's numbers. */
export type RunOnnx = (model: Uint8Array, feeds: Readonly<Record<string, TensorInput>>) => Promise<Readonly<Record<string, Float32Array>>>;

/** Undefined where onnxruntime-node is not installed. */
export async function onnxRuntime(): Promise<RunOnnx | undefined> {
  const runtime = await import("onnxruntime-node").catch(() => undefined);
  if (runtime === undefined) return undefined;
  return async (bytes, feeds) => {
    const model = await openOnnx(bytes);
    try {
      return await model.run(feeds);
    } finally {
      await model.close();
    }
  };
}
