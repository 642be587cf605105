/** The Numenta Anomaly Benchmark. */
import { join } from "node:path";
import { readCorpus, readProfiles } from "./nab/corpus.ts";
import { proofOf } from "./nab/proof.ts";
import type { Part } from "./part.ts";

export const nab: Part = {
  name: "nab",
  title: "Numenta Anomaly Benchmark",
  needs: ["nab"],
  async run(data) {
    const folder = join(data, "nab");
    const corpus = readCorpus(folder);
    const profiles = readProfiles(folder);
    return [proofOf(folder, corpus, profiles)];
  },
};
