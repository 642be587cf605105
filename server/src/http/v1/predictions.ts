/**
 * Routes 8 to 12: what needs a metrics source. Everything that is asked is checked; then, as there is none, the answer is 503 with the contract's
 * code, which names what is missing. Never a number.
 */
import { z } from "zod";
import { parseLabelSelector } from "../../answers/selectors.ts";
import type { App } from "../context.ts";
import { clusterWide, within } from "../rights.ts";
import { EXAMPLES } from "./examples.ts";
import { dnsName, modelName, namespaceName } from "./names.ts";
import { ContractRefusal, Refusal } from "./refusal.ts";
import { window } from "./windows.ts";

/** What these routes say of themselves until there is a metrics source. */
const REFUSED = { tags: ["v1: predictions"], response: { 503: Refusal }, unavailable: ["PROMETHEUS_UNAVAILABLE"] };

const whole = (from: number, to: number) => z.int().min(from).max(to);
const Rightsizing = z.object({ namespace: namespaceName.optional(), pod: dnsName.optional(), window: window("30d") });
const mountpoint = z
  .string()
  .max(4_096)
  .regex(/^\/(?:[A-Za-z0-9._@~-]+(?:\/[A-Za-z0-9._@~-]+)*\/?)?$/, "is not the path of a mount: write for example /var/lib/kubelet")
  .refine((path) => !path.split("/").includes(".."), "must not hold ..");
const Disk = z.object({ node: dnsName.optional(), mountpoint: mountpoint.optional() });
const Leak = z.object({ namespace: namespaceName.optional() });

const Scope = z.enum(["pod", "deployment", "namespace", "cluster"]);
const Predict = z
  .object({
    hour: whole(0, 23),
    day_of_week: whole(0, 6).describe("0 is Monday"),
    namespace: namespaceName.optional(),
    deployment: dnsName.optional(),
    pod: dnsName.optional(),
    scope: Scope.optional().describe("where missing: the narrowest that the names say"),
    model: modelName.default("predictive-analytics"),
  })
  .superRefine(({ scope, namespace, deployment, pod }, context) => {
    const needs = { pod, deployment, namespace, cluster: "" } as const;
    if (scope !== undefined && needs[scope] === undefined)
      context.addIssue({ code: "custom", path: [scope], message: `is missing, and scope ${scope} is about one` });
    if (namespace === undefined && (deployment !== undefined || pod !== undefined))
      context.addIssue({ code: "custom", path: ["namespace"], message: "is missing: a deployment or pod is in one" });
  });

const Analyze = z
  .object({
    time_range: z.enum(["1h", "6h", "24h", "7d"]).default("1h"),
    namespace: namespaceName.optional(),
    deployment: dnsName.optional(),
    pod: dnsName.optional(),
    label_selector: z.string().max(1_000).optional(),
    threshold: z.number().min(0).max(1).default(0.7),
    model_name: modelName.default("anomaly-detector"),
  })
  .superRefine(({ namespace, deployment, pod, label_selector }, context) => {
    if (deployment !== undefined && pod !== undefined)
      context.addIssue({ code: "custom", path: ["pod"], message: "and deployment exclude each other: send one" });
    if (namespace === undefined && (deployment !== undefined || pod !== undefined))
      context.addIssue({ code: "custom", path: ["namespace"], message: "is missing: a deployment or pod is in one" });
    const selector = parseLabelSelector(label_selector ?? "");
    if (!selector.ok) context.addIssue({ code: "custom", path: ["label_selector"], message: selector.why });
  });

export function predictionRoutes(app: App): void {
  const inQuery = within("signals", "list", ({ query }) => (query as { namespace?: string }).namespace ?? "");
  const ask = within("models", "create", ({ body }) => (body as { namespace?: string }).namespace ?? "");
  app.get(
    "/recommendations/rightsizing",
    {
      schema: {
        summary: "What containers should ask for",
        querystring: Rightsizing,
        example: EXAMPLES.rightsizing,
        ...REFUSED,
      },
      config: inQuery,
    },
    withoutMetrics("what containers used over the window"),
  );
  app.post(
    "/predict",
    {
      schema: {
        summary: "Usage at an hour of a weekday",
        body: Predict,
        example: EXAMPLES.predict,
        ...REFUSED,
      },
      config: ask,
    },
    withoutMetrics("usage by hour and weekday"),
  );
  app.get(
    "/predict/disk-exhaustion",
    {
      schema: {
        summary: "When each mount of each node is full",
        querystring: Disk,
        example: EXAMPLES.disk,
        ...REFUSED,
      },
      config: clusterWide("signals", "list"),
    },
    withoutMetrics("how full each mount is and how fast it fills"),
  );
  app.get(
    "/predict/memory-leak",
    {
      schema: {
        summary: "Which containers leak memory",
        querystring: Leak,
        example: EXAMPLES.leak,
        ...REFUSED,
      },
      config: inQuery,
    },
    withoutMetrics("how the memory of each container grows"),
  );
  app.post(
    "/anomalies/analyze",
    {
      schema: {
        summary: "What is unusual in the metrics of a scope",
        body: Analyze,
        example: EXAMPLES.analyze,
        ...REFUSED,
      },
      config: ask,
    },
    withoutMetrics("the metrics of the scope over the range"),
  );
}

function withoutMetrics(what: string): () => Promise<never> {
  return async () => {
    throw new ContractRefusal(503, "PROMETHEUS_UNAVAILABLE", `no metrics source is configured, and ${what} can be told only by one`, {
      details: "the request is valid; nothing is estimated in place of what was not measured",
    });
  };
}
