/** Pages: an opaque mark of where the last one ended. */
import { HttpProblem } from "./problem.ts";

/** Marks a position, a whole number. */
export function cursorAt(position: number): string {
  return Buffer.from(`p${position}`).toString("base64url");
}

/** Reads a mark back. Throws HttpProblem 400 when it is none of ours. */
export function positionOf(cursor: string): number {
  const match = /^p(\d{1,15})$/.exec(Buffer.from(cursor, "base64url").toString());
  if (match?.[1] === undefined) throw notOurs();
  return Number(match[1]);
}

/** Marks a place in a list by the key of its last item. */
export function cursorAtKey(key: string): string {
  return Buffer.from(`k${key}`).toString("base64url");
}

/** Reads such a mark back. Any key is a place: the item itself may have gone since. Throws HttpProblem 400 when it is none of ours. */
export function keyAt(cursor: string): string {
  const text = Buffer.from(cursor, "base64url").toString();
  if (!text.startsWith("k")) throw notOurs();
  return text.slice(1);
}

function notOurs(): HttpProblem {
  return new HttpProblem(400, "querystring/cursor: is not a cursor of this API; use the `next` of the page before");
}
