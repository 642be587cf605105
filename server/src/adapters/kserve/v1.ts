/** Bodies of KServe's v1 protocol, and of TensorFlow Serving, from which it comes. https://kserve.github.io/website/docs/concepts/architecture/data-plane/v1-protocol */
import { z } from "zod";
import { ModelFailure } from "../../models/model.ts";
import { firstIssue, prediction } from "./v2.ts";

const Ready = z.union([
  z.looseObject({ ready: z.boolean() }),
  z.looseObject({ model_version_status: z.array(z.looseObject({ version: z.string(), state: z.string() })) }),
]);
const Prediction = z.looseObject({ predictions: z.array(z.unknown()) });

/** Throws ModelFailure where the answer does not say whether it is ready. */
export function readReady(body: unknown): { readonly isReady: boolean; readonly version?: string } {
  const read = Ready.safeParse(body);
  if (!read.success) throw new ModelFailure("unusable", "the server does not say whether the model is ready: is this KServe's v1 protocol?");
  if ("ready" in read.data) return { isReady: read.data.ready === true };
  const served = (read.data.model_version_status as readonly { readonly version: string; readonly state: string }[]).find(({ state }) => state === "AVAILABLE");
  return served === undefined ? { isReady: false } : { isReady: true, version: served.version };
}

/** One whole number for each row. Throws ModelFailure where the answer is something else. */
export function readPredictions(body: unknown, rows: number): readonly number[] {
  const read = Prediction.safeParse(body);
  if (!read.success) throw new ModelFailure("unusable", `the answer is not what the protocol says: ${firstIssue(read.error)}`);
  const { predictions } = read.data;
  if (predictions.length !== rows) throw new ModelFailure("unusable", `${predictions.length} predictions for ${rows} rows`);
  return predictions.map((value) => {
    if (typeof value !== "number") throw new ModelFailure("unusable", "its predictions are no numbers");
    return prediction(value);
  });
}
