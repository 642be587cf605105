/** What models and history say: anomalies of metrics, forecasts, recommendations, and the models themselves. */
import { z } from "zod";
import { Refusal, segment } from "../backend.ts";
import { READS, type Tool, tool } from "../tool.ts";
import { counted, modelName, namespace, objectName, Row, rows, selector } from "./arguments.ts";

const Model = z.looseObject({
  name: z.string(),
  status: z.enum(["ready", "unavailable", "unknown"]),
  url: z.string().nullable(),
  runtime: z.string().nullable(),
});

export const MODELS: readonly Tool[] = [
  tool({
    name: "analyze-anomalies",
    description: "Ask a model which points of a metric are unusual. Needs metrics; list-anomalies needs none",
    hints: READS,
    input: z
      .strictObject({
        metric: z.string().regex(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,100}$/, "is not the name of a metric"),
        namespace: namespace.optional(),
        deployment: objectName.optional(),
        pod: objectName.optional(),
        label_selector: selector.optional(),
        time_range: z.enum(["1h", "6h", "24h", "7d"]).default("1h"),
        threshold: z.number().min(0).max(1).default(0.3),
        model_name: modelName.optional(),
      })
      .refine(({ deployment, pod }) => deployment === undefined || pod === undefined, { path: ["pod"], message: "give deployment or pod, not both" }),
    output: z.looseObject({ anomalies: rows, count: z.int(), max_score: z.number().nullable(), average_score: z.number().nullable() }),
    run: async ({ metric, ...body }, { backend }) => {
      const shape = z.looseObject({
        anomalies: z.array(z.looseObject({ metrics: Row.optional() })),
        summary: z.looseObject({ max_score: z.number().nullable(), average_score: z.number().nullable() }),
      });
      const { anomalies: all, summary, ...rest } = shape.parse(await backend.post("/api/v1/anomalies/analyze", body));
      const anomalies = all.filter(({ metrics }) => metrics === undefined || metric in metrics);
      const { max_score, average_score } = summary;
      return { data: { anomalies, count: anomalies.length, max_score, average_score, ...rest }, says: `${counted(anomalies.length, "unusual point")}.` };
    },
  }),
  tool({
    name: "predict-resource-usage",
    description: "CPU and memory at an hour of a weekday, UTC; default in one hour. Needs metrics",
    hints: READS,
    input: z.strictObject({
      target_time: z
        .string()
        .regex(/^([01]\d|2[0-3]):[0-5]\d$/, "is not HH:MM")
        .optional(),
      target_date: z.iso.date().optional(),
      namespace: namespace.optional(),
      deployment: objectName.optional(),
      pod: objectName.optional(),
      metric: z.enum(["cpu_usage", "memory_usage", "both"]).default("both"),
      scope: z.enum(["pod", "deployment", "namespace", "cluster"]).default("namespace"),
    }),
    output: z.looseObject({ predicted_metrics: Row, current_metrics: Row }),
    run: async ({ target_time, target_date, metric, ...body }, { backend }) => {
      const shape = z.looseObject({ predictions: Row, current_metrics: Row, model_info: Row });
      const { predictions, current_metrics, model_info, ...rest } = shape.parse(
        await backend.post("/api/v1/predict", { ...body, ...hourOf(target_time, target_date, Date.now()) }),
      );
      const wanted = metric === "both" ? "" : metric.split("_")[0];
      const only = (given: object) =>
        Object.fromEntries(Object.entries(given).filter(([name]) => wanted === "" || !/^(cpu|memory)_/.test(name) || name.startsWith(`${wanted}_`)));
      return {
        data: { predicted_metrics: only(predictions), current_metrics: only(current_metrics), model: model_info, ...rest },
        says: "A forecast for that hour.",
      };
    },
  }),
  tool({
    name: "get-remediation-recommendations",
    description: "What to do about what waits, is held or with a person, and before more breaks where there are metrics",
    hints: READS,
    input: z.strictObject({
      timeframe: z.enum(["1h", "6h", "24h"]).default("6h"),
      include_predictions: z.boolean().default(true),
      confidence_threshold: z.number().min(0).max(1).default(0.7),
      namespace: namespace.optional(),
    }),
    output: z.looseObject({ recommendations: rows, predicted_issues: rows, alerts: rows, summary: Row }),
    run: async (args, { backend }) => {
      const shape = z.looseObject({ recommendations: z.array(z.looseObject({ type: z.string(), severity: z.string() })) });
      const { recommendations, ...rest } = shape.parse(await backend.post("/api/v1/recommendations", args));
      const proactive = recommendations.filter(({ type }) => type === "proactive");
      const alerts = recommendations.filter(({ type, severity }) => type === "reactive" && (severity === "critical" || severity === "high"));
      const summary = { total: recommendations.length, proactive: proactive.length, reactive: recommendations.length - proactive.length };
      return {
        data: { recommendations, predicted_issues: proactive, alerts, summary, ...rest },
        says: `${counted(recommendations.length, "recommendation")}.`,
      };
    },
  }),
  tool({
    name: "list-models",
    description: "Models that can be asked, and whether they are ready",
    hints: READS,
    input: z.strictObject({}),
    output: z.looseObject({ models: rows, count: z.int() }),
    run: async (_args, { backend }) => {
      const { items } = z.looseObject({ items: z.array(Model) }).parse(await backend.get("/api/v2/models"));
      const models = items.map((model) => ({ ...model, ready: model.status === "ready" }));
      return { data: { models, count: models.length }, says: `${counted(models.length, "model")}, ${models.filter(({ ready }) => ready).length} ready.` };
    },
  }),
  tool({
    name: "get-model-status",
    description: "One model: is it ready, where it runs, which version",
    hints: READS,
    input: z.strictObject({ model_name: modelName, include_endpoints: z.boolean().default(false) }),
    output: z.looseObject({ ready: z.boolean(), state: z.string() }),
    run: async (args, { backend }) => {
      const found = await backend.get(`/api/v2/models/${segment(args.model_name)}`).catch((error: unknown) => {
        throw error instanceof Refusal && error.status === 404 ? new Refusal(404, error.message, "MODEL_NOT_FOUND") : error;
      });
      const { status, url, ...model } = Model.parse(found);
      const ready = status === "ready";
      return {
        data: { ready, state: status, ...model, ...(args.include_endpoints ? { endpoints: url === null ? [] : [url] } : {}) },
        says: `The model is ${status}.`,
      };
    },
  }),
];

/** Hour and weekday (0 Monday) as the API takes them, UTC. A time without a date is the next one. */
export function hourOf(time: string | undefined, date: string | undefined, now: number): { readonly hour: number; readonly day_of_week: number } {
  const base = new Date(date === undefined ? now : Date.parse(`${date}T00:00:00Z`));
  const hour = time === undefined ? new Date(now + 3_600_000).getUTCHours() : Number(time.slice(0, 2));
  const isTomorrow = date === undefined && hour < base.getUTCHours();
  return { hour, day_of_week: (base.getUTCDay() + 6 + (isTomorrow ? 1 : 0)) % 7 };
}
