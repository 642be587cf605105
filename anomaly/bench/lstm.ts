/** The LSTM autoencoder: what a step and a training cost, how both grow, and what it sees on servers whose anomalies are known. */
import { inferenceTable } from "./lstm/inference.ts";
import { qualityTables } from "./lstm/quality.ts";
import { trainingTables } from "./lstm/training.ts";
import type { Part } from "./part.ts";

export const lstm: Part = {
  name: "lstm",
  title: "LSTM autoencoder",
  needs: ["smd", "published"],
  async run(data, say) {
    return [inferenceTable(say), ...(await trainingTables(say)), ...(await qualityTables(data, say))];
  },
};
