/** The Numenta Anomaly Benchmark: its scorer proven, then our detector of one series beside the published ones. */
import { join } from "node:path";
import { ablation } from "./nab/ablation.ts";
import { readCorpus, readProfiles } from "./nab/corpus.ts";
import { cost } from "./nab/cost.ts";
import { proofOf } from "./nab/proof.ts";
import { standings } from "./nab/standings.ts";
import type { Part } from "./part.ts";

export const nab: Part = {
  name: "nab",
  title: "Numenta Anomaly Benchmark",
  needs: ["nab"],
  async run(data, say) {
    const folder = join(data, "nab");
    const corpus = readCorpus(folder);
    const profiles = readProfiles(folder);
    const proof = proofOf(folder, corpus, profiles);
    say("the scorer reproduces the archive");
    return [...standings(folder, corpus, profiles), ablation(corpus, profiles, say), cost(corpus), proof];
  },
};
