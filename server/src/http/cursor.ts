/** Pages: an opaque mark of where the last one ended. */
import { HttpProblem } from "./problem.ts";

/** Marks a position, a whole number. */
export function cursorAt(position: number): string {
  return Buffer.from(`p${position}`).toString("base64url");
}

/** Reads a mark back. Throws HttpProblem 400 when it is none of ours. */
export function positionOf(cursor: string): number {
  const match = /^p(\d{1,15})$/.exec(Buffer.from(cursor, "base64url").toString());
  if (match?.[1] === undefined) throw new HttpProblem(400, "querystring/cursor: is not a cursor of this API; use the `next` of the page before");
  return Number(match[1]);
}
