/** Routes 1 and 2: a word for probes, and health with what it depends on. */
import { z } from "zod";
import { ContractHealth, contractHealth } from "../../answers/health.ts";
import type { ApiContext, App } from "../context.ts";
import { clusterWide } from "../rights.ts";
import { EXAMPLES } from "./examples.ts";
import { modelHealth } from "./model-health.ts";
import { selfReview } from "./self-review.ts";

const TAGS = ["v1: health"];

/** Route 1: without a token, and under no prefix. */
export function staticHealth(app: App, { engine }: Pick<ApiContext, "engine">): void {
  const Up = z.object({ status: z.literal("ok"), version: z.string() });
  const description = "Static, as the contract has it; /readyz looks.";
  app.get(
    "/health",
    { schema: { summary: "Does the process serve? For probes of the contract", description, tags: TAGS, response: { 200: Up }, example: EXAMPLES.up } },
    async () => ({ status: "ok" as const, version: engine.status().version }),
  );
}

export function healthRoutes(app: App, { engine, now, models: catalogue }: ApiContext): void {
  const review = selfReview(engine, now);
  const models = modelHealth(catalogue, now);
  app.get(
    "/health",
    {
      schema: {
        summary: "Health of the engine, of what it depends on, and of its permissions",
        description: "503 only when unhealthy: the cluster is out of sight, the loop stands still, or records cannot be written.",
        ...{ tags: TAGS, response: { 200: ContractHealth, 503: ContractHealth }, example: EXAMPLES.health },
      },
      config: clusterWide("settings", "get"),
    },
    async (_request, reply) => {
      const [asked, reviewed] = await Promise.all([review.question(), review.permissions()]);
      const ml = await models();
      const health = contractHealth({ status: engine.status(), view: engine.view(), asked, reviewed, ml, now: now() });
      return reply.code(health.status === "unhealthy" ? 503 : 200).send(health);
    },
  );
}
