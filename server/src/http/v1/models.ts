/** Routes 13 to 15 of the contract: the models that the operator named, and what they say of rows of numbers. */
import { z } from "zod";
import { ModelCatalogue } from "../../models/catalogue.ts";
import { ModelFailure, type ModelTrouble } from "../../models/model.ts";
import type { ApiContext, App } from "../context.ts";
import { clusterWide } from "../rights.ts";
import { ContractRefusal, type RefusalCode } from "./refusal.ts";

const MAX_BODY_BYTES = 2 << 20;
const MAX_ROWS = 1_000;
const MAX_WIDTH = 10_000;
const MAX_NUMBERS = 100_000;

const modelName = z.string().min(1).max(253);
const instances = z
  .array(z.array(z.number()).min(1).max(MAX_WIDTH))
  .min(1)
  .max(MAX_ROWS)
  .superRefine((rows, context) => {
    const width = rows[0]?.length ?? 0;
    const ragged = rows.findIndex((row) => row.length !== width);
    if (ragged >= 0)
      context.addIssue({ code: "custom", message: `row ${ragged} has ${rows[ragged]?.length} numbers, row 0 has ${width}: give all of them the same` });
    if (width * rows.length > MAX_NUMBERS) context.addIssue({ code: "custom", message: `${width * rows.length} numbers, at most ${MAX_NUMBERS} are taken` });
  })
  .describe("one row for each vector, all of one width");

const Detect = z.looseObject({ model: modelName, instances });
const Detected = z.object({
  predictions: z.array(z.int()).describe("one for each row; a detector of anomalies answers -1 for an anomaly and 1 for what is usual"),
  model_name: z.string(),
  model_version: z.string().describe("empty where the server does not say"),
});
const Models = z.object({ models: z.array(z.string()), count: z.int() });
const Params = z.object({ model: modelName });
const Health = z.object({
  model: z.string(),
  status: z.enum(["ready", "unavailable", "unknown"]),
  service: z.string(),
  namespace: z.string(),
  message: z.string(),
});

/** The `code` of each 503. */
const UNAVAILABLE = ["KSERVE_UNAVAILABLE", "PREDICTION_FAILED"];
const EXAMPLE_HEALTH = {
  model: "anomaly-detector",
  status: "ready",
  service: "detector",
  namespace: "ml",
  message: "detector on detector.ml.svc:8443 (v2) is ready",
};

export function contractModelRoutes(app: App, { models = new ModelCatalogue([]) }: Pick<ApiContext, "models">): void {
  app.post(
    "/detect",
    {
      schema: {
        summary: "Ask a model about rows of numbers",
        tags: ["v1: models"],
        body: Detect,
        response: { 200: Detected },
        example: {
          body: {
            model: "anomaly-detector",
            instances: [
              [0.42, 0.61],
              [0.44, 7.9],
            ],
          },
          answer: { predictions: [1, -1], model_name: "anomaly-detector", model_version: "3" },
        },
        unavailable: UNAVAILABLE,
      },
      config: clusterWide("models", "create"),
      bodyLimit: MAX_BODY_BYTES,
    },
    async ({ body }) => {
      const { predictions, version } = await answered(async () => models.get(body.model).detect(body.instances));
      return { predictions: [...predictions], model_name: body.model, model_version: version };
    },
  );

  app.get(
    "/models",
    {
      schema: {
        summary: "Names of the models that can be asked",
        tags: ["v1: models"],
        response: { 200: Models },
        example: { answer: { models: ["anomaly-detector"], count: 1 } },
      },
      config: clusterWide("models", "list"),
    },
    async () => {
      const names = models.all().map(({ name }) => name);
      return { models: names, count: names.length };
    },
  );

  app.get(
    "/models/:model/health",
    {
      schema: {
        summary: "Is a model ready to be asked?",
        tags: ["v1: models"],
        params: Params,
        response: { 200: Health },
        example: { params: { model: "anomaly-detector" }, answer: EXAMPLE_HEALTH },
        unavailable: UNAVAILABLE,
      },
      config: clusterWide("models", "get"),
    },
    async ({ params }) => {
      const model = await answered(async () => models.get(params.model));
      const { status, message } = await model.state();
      const { service, namespace } = model.place;
      return { model: model.name, status, service, namespace, message };
    },
  );
}

const CODES: Readonly<Record<ModelTrouble, { readonly status: number; readonly code: RefusalCode; readonly error: string }>> = {
  "unknown-model": { status: 404, code: "MODEL_NOT_FOUND", error: "no such model" },
  rows: { status: 400, code: "INVALID_REQUEST", error: "the model does not take these rows" },
  unreachable: { status: 503, code: "KSERVE_UNAVAILABLE", error: "the model cannot be asked now" },
  unusable: { status: 503, code: "PREDICTION_FAILED", error: "the model gave no usable answer" },
};

/** Throws ContractRefusal with the contract's code. */
async function answered<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (failure) {
    if (!(failure instanceof ModelFailure)) throw failure;
    const { status, code, error } = CODES[failure.trouble];
    throw new ContractRefusal(status, code, error, { details: failure.message });
  }
}
