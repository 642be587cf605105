/** What of the library needs a machine: model folders and ONNX Runtime. Server, tests and benchmarks import it; the library never does. */

export type { ModelDescription, ModelFile, ModelSpan } from "./model-description.ts";
export { type ExpectedModel, hashOfRows, loadModel, type SavedModel, saveModel } from "./model-folder.ts";
export { type OnnxModel, openOnnx, type TensorInput } from "./onnx.ts";
// Training of the LSTM autoencoder in threads.
export { fitLstmInThreads, type TrainingOptions, type TrainingProgress, updateLstmInThreads } from "./training.ts";
