/** Arguments and shapes that several tools share, with their bounds. */
import { z } from "zod";

export { objectName } from "../../http/schemas.ts";

export const incidentId = z.string().regex(/^inc-\d{1,12}$/, "is not an incident id: write for example inc-17");
/** Of the engine, or what was reported. */
export const anyIncidentId = z.string().regex(/^(inc|tic)-\d{1,12}$/, "is not an incident id: write for example inc-17 or tic-4");
export const namespace = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "is not the name of a namespace");
export const kind = z.string().regex(/^[A-Z][A-Za-z]{1,40}$/, "is not a kind: write for example Deployment");
export const modelName = z.string().regex(/^[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?$/, "is not the name of a model");
/** As Kubernetes writes them: `app=cart,tier!=web`, `tier in (a, b)`. */
export const selector = z
  .string()
  .max(500)
  .regex(/^[A-Za-z0-9._/=!,() -]+$/, "is not a selector");
export const why = z.string().trim().min(1).max(500);
export const cursor = z.string().max(200);
export const limitUpTo = (most: number, usual: number) => z.int().min(1).max(most).default(usual);
export const fields = z.array(z.string().regex(/^[A-Za-z_]{1,40}$/, "is not the name of a field")).max(20);
export const severity = z.enum(["low", "medium", "high", "critical"]);

export const Row = z.looseObject({});
export const rows = z.array(Row);
/** A page as /api/v2 answers it. */
export const Page = z.object({ items: rows, next: z.string().optional() });

/** The item with these of its fields; all of them where none were named. */
export function picked<T extends object>(item: T, names: readonly string[] | undefined): Partial<T> {
  if (names === undefined || names.length === 0) return item;
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name))) as Partial<T>;
}

/** Of the fields that were asked for those that no item has, as a sentence, with what there is instead; empty where each is there. */
export function missed(items: readonly object[], names: readonly string[] = []): string {
  const known = new Set(items.flatMap((item) => Object.keys(item)));
  const unknown = names.filter((name) => !known.has(name));
  return items.length === 0 || unknown.length === 0 ? "" : ` None has ${unknown.join(", ")}; they have ${[...known].join(", ")}.`;
}

/** ISO 8601 of ms since 1970. */
export function iso(ms: unknown): string | null {
  return typeof ms === "number" && Number.isFinite(ms) ? new Date(ms).toISOString() : null;
}

/** `1 pod`, `2 pods`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
