/** What the anomaly library needs an operating system for. */

// Training of the LSTM autoencoder in threads.
export { fitLstmInThreads, type TrainingOptions, type TrainingProgress, trainInThreads, updateLstmInThreads } from "./training.ts";
