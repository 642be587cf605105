/** The API's own description: what each route says of itself, and what holds for all of them. */
import type { FastifyDynamicSwaggerOptions } from "@fastify/swagger";
import { jsonSchemaTransform, jsonSchemaTransformObject } from "fastify-type-provider-zod";
import { z } from "zod";
import { type GuardOptions, isOpen } from "./guard.ts";
import { Problem } from "./problem.ts";

type Transform = NonNullable<FastifyDynamicSwaggerOptions["transform"]>;

export function openApi(version: string, guard: GuardOptions): FastifyDynamicSwaggerOptions {
  return {
    openapi: {
      openapi: "3.1.0",
      info: { title: "Kintsugi", version, description: "See, approve, deny, undo and pause what heals your cluster. Errors are problem+json." },
      components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
      security: [{ token: [] }],
    },
    transform: (given) => jsonSchemaTransform(completed(given, guard)),
    transformObject: jsonSchemaTransformObject,
  };
}

const REFUSED = { description: "Refused: what was wrong, and what would be right", content: { "application/problem+json": { schema: Problem } } };
const FAILED = { ...REFUSED, description: "Failed inside, or not possible at the moment" };

/** Every route can refuse and can fail; some answer without a token, some with no JSON. */
function completed(given: Parameters<Transform>[0], guard: GuardOptions): Parameters<Transform>[0] {
  const { schema, url } = given;
  if (schema === undefined || schema.hide === true) return given;
  const text = { description: schema.summary, content: Object.fromEntries((schema.produces ?? []).map((type) => [type, { schema: z.string() }])) };
  const answers = (schema.response as object | undefined) ?? { 200: text };
  return { ...given, schema: { ...schema, ...(isOpen(url, guard) ? { security: [] } : {}), response: { ...answers, "4xx": REFUSED, "5xx": FAILED } } };
}
