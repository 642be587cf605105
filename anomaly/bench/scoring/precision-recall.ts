/** Precision and recall per sample, without widening and without point adjustment (a random score reaches 0.91 on SMD with it). */
import { InputError } from "../../src/input-error.ts";
import { checkScores } from "./vus.ts";

export interface PrecisionRecall {
  /** Area under precision over recall in steps: scikit-learn's average_precision_score. */
  readonly aucPr: number;
  /** The best F1 of any threshold: what an oracle that knows the labels would reach. */
  readonly bestF1: number;
}

/** `labels` 0 or 1, `scores` higher where more anomalous; equal scores alarm together. */
export function precisionRecall(labels: Uint8Array, scores: Float64Array): PrecisionRecall {
  checkScores(labels, scores);
  const positives = labels.reduce((sum, label) => sum + label, 0);
  if (positives === 0) throw new InputError("labels hold no anomaly: precision and recall need one");
  const order = Uint32Array.from(scores.keys()).sort((a, b) => (scores[b] as number) - (scores[a] as number));
  let hits = 0;
  let previousHits = 0;
  let aucPr = 0;
  let bestF1 = 0;
  order.forEach((sample, rank) => {
    hits += labels[sample] as number;
    const next = order[rank + 1];
    if (next !== undefined && scores[next] === scores[sample]) return;
    aucPr += ((hits - previousHits) / positives) * (hits / (rank + 1));
    bestF1 = Math.max(bestF1, (2 * hits) / (positives + rank + 1));
    previousHits = hits;
  });
  return { aucPr, bestF1 };
}
