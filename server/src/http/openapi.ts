/** The API's own description: what each route says of itself, and what holds for all of them. */
import type { FastifyDynamicSwaggerOptions } from "@fastify/swagger";
import { jsonSchemaTransform, jsonSchemaTransformObject } from "fastify-type-provider-zod";
import { z } from "zod";
import { type Example, withExamples } from "./example.ts";
import { type GuardOptions, isOpen } from "./guard.ts";
import { Problem } from "./problem.ts";

type Transform = NonNullable<FastifyDynamicSwaggerOptions["transform"]>;
type TransformObject = NonNullable<FastifyDynamicSwaggerOptions["transformObject"]>;

declare module "fastify" {
  interface FastifySchema {
    /** What OpenAPI shows of a request and its answer, and the contract test replays; or why there is none. */
    example?: Example | { readonly none: string };
    /** The `code` of each 503 that the route answers besides those of every route. */
    unavailable?: readonly string[];
  }
}

/** The `code` of each 503 that any route may answer. */
export const ALWAYS_UNAVAILABLE = ["ACCESS_UNKNOWN", "ENGINE_SILENT"] as const;

export function openApi(version: string, guard: GuardOptions): FastifyDynamicSwaggerOptions {
  const examples = new Map<string, NonNullable<NonNullable<Parameters<Transform>[0]["schema"]>["example"]>>();
  return {
    openapi: {
      openapi: "3.1.0",
      info: { title: "Kintsugi", version, description: "See, approve, deny, undo and pause what heals your cluster. Errors are problem+json." },
      components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
      security: [{ token: [] }],
    },
    transform: (given) => {
      const { example } = given.schema ?? {};
      for (const method of [given.route.method].flat()) if (example !== undefined) examples.set(`${method.toLowerCase()} ${pathOf(given.url)}`, example);
      return jsonSchemaTransform(completed(given, guard));
    },
    transformObject: (given) => withExamples(jsonSchemaTransformObject(given), examples) as ReturnType<TransformObject>,
  };
}

const REFUSED = { description: "Refused: what was wrong, and what would be right", content: { "application/problem+json": { schema: Problem } } };
const FAILED = { ...REFUSED, description: "Failed inside, or not possible at the moment" };

/** Every route has a name, can refuse and can fail; some answer without a token, some with no JSON. */
function completed(given: Parameters<Transform>[0], guard: GuardOptions): Parameters<Transform>[0] {
  const { schema, url, route } = given;
  if (schema === undefined || schema.hide === true) return given;
  const { example: _, unavailable = [], ...shown } = schema;
  const text = { description: schema.summary, content: Object.fromEntries((schema.produces ?? []).map((type) => [type, { schema: z.string() }])) };
  const answers = (schema.response as object | undefined) ?? { 200: text };
  const isOpenHere = isOpen(url, guard);
  return {
    ...given,
    schema: {
      operationId: nameOf([route.method].flat()[0] ?? "GET", url),
      ...shown,
      ...(isOpenHere ? { security: [] } : { "x-kintsugi-unavailable": [...ALWAYS_UNAVAILABLE, ...unavailable] }),
      response: { "4xx": REFUSED, "5xx": FAILED, ...answers },
    },
  };
}

/** `GET /api/v2/incidents/:id/explain` is called `getIncidentsIdExplain`; what is of another version says so. */
function nameOf(method: string, url: string): string {
  const words = url.replace(/^\/api\/v2(?=\/)/, "").match(/[A-Za-z0-9]+/g) ?? [];
  return method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}

function pathOf(url: string): string {
  return url.replaceAll(/:([A-Za-z0-9_]+)/g, "{$1}");
}
