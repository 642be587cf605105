/** How lists are asked for, and how their pages look on the wire. */
import { z } from "zod";
import type { Page } from "../answers/page.ts";
import { cursorAtKey, keyAt } from "./cursor.ts";
import { limit } from "./schemas.ts";

export const paging = { limit, cursor: z.string().max(1_024).optional().describe("`next` of the page before") };

/** Where a list goes on. Throws HttpProblem 400. */
export function wantedOf(query: { readonly limit: number; readonly cursor?: string | undefined }): {
  readonly limit: number;
  readonly after: string | undefined;
} {
  return { limit: query.limit, after: query.cursor === undefined ? undefined : keyAt(query.cursor) };
}

export function onTheWire<T>({ items, next }: Page<T>): { items: T[]; next?: string } {
  return { items, ...(next === undefined ? {} : { next: cursorAtKey(next) }) };
}

export function pageShape<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().optional().describe("`cursor` of the next page; absent: there is none") });
}
