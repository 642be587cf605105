/** The reference contract under /api/v1: the same paths, names and codes, over the real loop. What each answers: docs/contract.md. */
import type { FastifyInstance, RouteOptions } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { ApiContext, App } from "../context.ts";
import { keepRights } from "../rights.ts";
import { renameAliases } from "./aliases.ts";
import { capacityRoutes } from "./capacity.ts";
import { coordinationRoutes } from "./coordination.ts";
import { detectionRoutes } from "./detection.ts";
import { healthRoutes } from "./health.ts";
import { incidentChangeRoutes } from "./incident-changes.ts";
import { incidentRoutes, reportRoute } from "./incidents.ts";
import { contractModelRoutes } from "./models.ts";
import { predictionRoutes } from "./predictions.ts";
import { recommendationRoutes } from "./recommendations.ts";
import { Refusal, speakContract } from "./refusal.ts";
import { remediationRoutes } from "./remediation.ts";

const ROUTES = [
  healthRoutes,
  remediationRoutes,
  incidentRoutes,
  reportRoute,
  incidentChangeRoutes,
  recommendationRoutes,
  predictionRoutes,
  detectionRoutes,
  coordinationRoutes,
  capacityRoutes,
  contractModelRoutes,
] as const;

/** Everything under /api/v1. `keepAnswers` makes writes safe to repeat by their key. */
export async function contractRoutes(app: App, context: ApiContext, keepAnswers: (instance: FastifyInstance) => void): Promise<void> {
  await app.register(
    async (instance) => {
      const api = instance.withTypeProvider<ZodTypeProvider>();
      keepRights(instance, context.access);
      keepAnswers(instance);
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
