/** Arguments that several tools take, with their bounds. */
import { z } from "zod";

export const incidentId = z.string().regex(/^inc-\d{1,12}$/, "is not an incident id: write for example inc-17");
export const namespace = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "is not the name of a namespace");
export const objectName = z.string().regex(/^[a-z0-9A-Z]([a-z0-9A-Z.:_-]{0,251}[a-z0-9A-Z])?$/, "is not the name of an object");
export const why = z.string().trim().min(1).max(500);
export const cursor = z.string().max(64);
export const limitUpTo = (most: number, usual: number) => z.int().min(1).max(most).default(usual);
export const fields = z.array(z.string().regex(/^[A-Za-z_]{1,40}$/, "is not the name of a field")).max(20);

/** The item with these of its fields; all of them where none were named. */
export function picked<T extends object>(item: T, names: readonly string[] | undefined): Partial<T> {
  if (names === undefined || names.length === 0) return item;
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name))) as Partial<T>;
}
