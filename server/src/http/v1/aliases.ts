/**
 * Names that older clients send, and what the contract calls them. One place, before validation: handlers know the contract's names alone.
 */
import type { FastifyRequest } from "fastify";
import { ContractRefusal } from "./refusal.ts";

/** The camelCase names of the client that was written for an API that is gone. */
export const ALIASES: Readonly<Record<string, string>> = {
  affectedResources: "affected_resources",
  confidenceThreshold: "confidence_threshold",
  correlationId: "correlation_id",
  currentReplicas: "current_replicas",
  dayOfWeek: "day_of_week",
  dryRun: "dry_run",
  externalId: "external_id",
  incidentId: "incident_id",
  includeInfrastructure: "include_infrastructure",
  includePredictions: "include_predictions",
  includeTrending: "include_trending",
  labelSelector: "label_selector",
  modelName: "model_name",
  timeRange: "time_range",
};

/**
 * A preValidation hook. A write without a body counts as one with an empty body, so that it is said which fields are missing. Throws ContractRefusal
 * 400 where a value is given under both names and they differ.
 */
export async function renameAliases(request: FastifyRequest): Promise<void> {
  if (request.method === "POST" || request.method === "PATCH") request.body ??= {};
  rename(request.body);
  rename(request.query);
}

function rename(given: unknown): void {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return;
  const values = given as Record<string, unknown>;
  for (const key of Object.keys(values)) {
    const name = Object.hasOwn(ALIASES, key) ? ALIASES[key] : undefined;
    if (name === undefined) continue;
    if (Object.hasOwn(values, name) && JSON.stringify(values[name]) !== JSON.stringify(values[key]))
      throw new ContractRefusal(400, "INVALID_REQUEST", `${key} and ${name} are two names of one thing and say two things: send ${name} alone`);
    values[name] = values[key];
    delete values[key];
  }
}
