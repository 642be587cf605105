/** Zod schemas as tools advertise them: the same checks, the JSON without what a model gains nothing from, made once. */
import type { StandardSchemaWithJSON } from "@modelcontextprotocol/server";
import { z } from "zod";

export function leanSchema<S extends z.ZodObject>(schema: S): StandardSchemaWithJSON<z.input<S>, z.output<S>> {
  const standard = schema["~standard"];
  const json = { input: lazily(() => lean(z.toJSONSchema(schema, { io: "input" }))), output: lazily(() => lean(z.toJSONSchema(schema, { io: "output" }))) };
  return { "~standard": { ...standard, jsonSchema: json } } as StandardSchemaWithJSON<z.input<S>, z.output<S>>;
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

const MAX_PATTERN = 30;
const SAFE = Number.MAX_SAFE_INTEGER;

function lean(node: unknown): Record<string, unknown> {
  return without(node) as Record<string, unknown>;
}

function without(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(without);
  if (typeof node !== "object" || node === null) return node;
  const kept = Object.entries(node).filter(([key, value]) => {
    if (key === "$schema") return false;
    // Rules of names are told by who refuses one; a model writes no better names for having read them.
    if (key === "pattern") return typeof value !== "string" || value.length <= MAX_PATTERN;
    // An open object says the same without it.
    if (key === "additionalProperties") return value === false;
    return !((key === "maximum" && value === SAFE) || (key === "minimum" && value === -SAFE));
  });
  return Object.fromEntries(kept.map(([key, value]) => [key, without(value)]));
}
