import type { z } from "zod";

/** An action's parameters, or what is wrong with them in one sentence. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

export function parseParams<T>(schema: z.ZodType<T>, params: unknown): Parsed<T> {
  const parsed = schema.safeParse(params);
  if (parsed.success) return { ok: true, value: parsed.data };
  const problems = parsed.error.issues.map((issue) => `${issue.path.join(".") || "parameters"}: ${issue.message}`);
  return { ok: false, reason: `the parameters do not fit: ${problems.join("; ")}` };
}
