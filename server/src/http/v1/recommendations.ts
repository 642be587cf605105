/** Route 7: what should be done, by whom, and why. */
import { z } from "zod";
import { Recommendations, recommendationsFor } from "../../answers/recommendations.ts";
import type { ApiContext, App } from "../context.ts";
import { callerOf } from "../guard.ts";
import { FILTERED, visibleNamespaces } from "../rights.ts";
import { namespacesOf } from "../routes/incidents.ts";
import { EXAMPLES } from "./examples.ts";
import { namespaceName } from "./names.ts";

const Asked = z.object({
  timeframe: z.enum(["1h", "6h", "24h"]).default("6h").describe("how far back what has ended counts; what is alive always does"),
  include_predictions: z.boolean().default(true),
  confidence_threshold: z.number().min(0).max(1).default(0.7).describe("an unproven diagnosis has no number to reach it: 0 shows those too"),
  namespace: z.union([z.literal(""), namespaceName]).default(""),
});

export function recommendationRoutes(app: App, { engine, access }: ApiContext): void {
  app.post(
    "/recommendations",
    {
      schema: {
        summary: "What should be done about what is or was wrong",
        ...{ tags: ["v1: recommendations"], body: Asked.optional(), response: { 200: Recommendations }, example: EXAMPLES.recommendations },
      },
      config: FILTERED,
    },
    async (request) => {
      const { timeframe, include_predictions, confidence_threshold, namespace } = request.body ?? Asked.parse({});
      const all = engine.incidents();
      const visible = await visibleNamespaces(access, callerOf(request), { resource: "incidents", verb: "list" }, namespacesOf(all));
      return recommendationsFor(
        all.filter(({ subject }) => visible.has(subject.namespace)),
        { timeframe, includePredictions: include_predictions, confidenceThreshold: confidence_threshold, namespace, now: engine.status().now },
      );
    },
  );
}
