/** Route 7: what should be done, by whom, and why. */
import { z } from "zod";
import { Recommendations, recommendationsFor } from "../../answers/recommendations.ts";
import type { ApiContext, App } from "../context.ts";
import { FILTERED } from "../rights.ts";
import { visible } from "../visibility.ts";
import { EXAMPLES } from "./examples.ts";
import { namespaceName } from "./names.ts";

const Asked = z.object({
  timeframe: z.enum(["1h", "6h", "24h"]).default("6h").describe("how far back what has ended counts; what is alive always does"),
  include_predictions: z.boolean().default(true),
  confidence_threshold: z.number().min(0).max(1).default(0.7).describe("an unproven diagnosis has no number to reach it: 0 shows those too"),
  namespace: z.union([z.literal(""), namespaceName]).default(""),
});

export function recommendationRoutes(app: App, context: ApiContext): void {
  const { engine } = context;
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
      const seen = await visible(context, request, { resource: "incidents", verb: "list" }, engine.incidents(), ({ subject }) => subject.namespace);
      return recommendationsFor(seen, {
        timeframe,
        includePredictions: include_predictions,
        confidenceThreshold: confidence_threshold,
        namespace,
        now: engine.status().now,
      });
    },
  );
}
