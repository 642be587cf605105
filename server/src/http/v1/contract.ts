/** The reference contract under /api/v1: the same paths, names and codes, over the real loop. What each answers: docs/contract.md. */
import type { FastifyInstance, RouteOptions } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { ApiContext, App } from "../context.ts";
import { keepRights } from "../rights.ts";
import { renameAliases } from "./aliases.ts";
import { capacityRoutes } from "./capacity.ts";
import { detectionRoutes } from "./detection.ts";
import { incidentRoutes } from "./incidents.ts";
import { contractModelRoutes } from "./models.ts";
import { predictionRoutes } from "./predictions.ts";
import { Refusal, speakContract } from "./refusal.ts";
import { remediationRoutes } from "./remediation.ts";

/** Route 1: for probes, without a token. */
export function staticHealth(app: App, { engine }: Pick<ApiContext, "engine">): void {
  const Up = z.object({ status: z.literal("ok"), version: z.string() });
  app.get(
    "/health",
    {
      schema: {
        summary: "Does the process serve?",
        description: "Static, as the contract has it; /readyz looks.",
        tags: ["v1: health"],
        response: { 200: Up },
      },
    },
    async () => ({ status: "ok" as const, version: engine.status().version }),
  );
}

const ROUTES = [remediationRoutes, incidentRoutes, predictionRoutes, detectionRoutes, capacityRoutes, contractModelRoutes] as const;

/** Everything under /api/v1. `prepare`: what it shares with all other routes. */
export async function contractRoutes(app: App, context: ApiContext, prepare: (instance: FastifyInstance) => void): Promise<void> {
  await app.register(
    async (instance) => {
      const api = instance.withTypeProvider<ZodTypeProvider>();
      keepRights(instance, context.access);
      prepare(instance);
      instance.addHook("onRoute", describeRefusals);
      speakContract(instance);
      instance.addHook("preValidation", renameAliases);
      for (const routes of ROUTES) routes(api, context);
    },
    { prefix: "/api/v1" },
  );
}

/** How each of these routes refuses and fails, in the contract's own form. */
function describeRefusals({ schema }: RouteOptions): void {
  if (schema === undefined) return;
  const content = { "application/json": { schema: Refusal } };
  const own = schema.response as object | undefined;
  schema.response = {
    "4xx": { description: "Refused: what was wrong, and what would be right", content },
    "5xx": { description: "Failed inside, or not possible at the moment", content },
    ...own,
  };
}
