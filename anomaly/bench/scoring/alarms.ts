/** What a fixed threshold would have said, as a person on call sees it. */
import { segmentsOf } from "./segments.ts";

export interface Alarms {
  /** Alarms raised: runs above the threshold; one that begins less than `quiet` samples after the end of the last belongs to it. */
  readonly raised: number;
  /** Of them, those that touch no anomaly. */
  readonly false: number;
  readonly anomalies: number;
  /** Anomalies in which a sample is above the threshold. */
  readonly found: number;
  /** Samples from the beginning of each found anomaly, as it is labelled, to the first sample above the threshold in it. */
  readonly delays: readonly number[];
}

export function alarmsOf(labels: Uint8Array, scores: Float64Array, threshold: number, quiet: number): Alarms {
  const above = Uint8Array.from(scores, (score) => (score > threshold ? 1 : 0));
  const anomalies = segmentsOf(labels);
  const delays = anomalies.flatMap(({ first, final }) => {
    const delay = above.subarray(first, final + 1).indexOf(1);
    return delay < 0 ? [] : [delay];
  });
  let raised = 0;
  let wrong = 0;
  let last = Number.NEGATIVE_INFINITY;
  let right = true;
  above.forEach((alarmed, sample) => {
    if (alarmed === 0) return;
    if (sample - last > quiet) {
      if (!right) wrong++;
      raised++;
      right = false;
    }
    if (labels[sample] === 1) right = true;
    last = sample;
  });
  if (!right) wrong++;
  return { raised, false: wrong, anomalies: anomalies.length, found: delays.length, delays };
}
