/**
 * ETags on what is read. `@fastify/etag` would tag writes and errors too, answer a POST with 304, and knows neither lists nor `*` in
 * If-None-Match. Streams (export, events) have none: they are not held whole.
 */
import { createHash } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";

const READS: ReadonlySet<string> = new Set(["GET", "HEAD"]);

/** Adds ETag, 304, Vary and Cache-Control to every route under `/api/`; no tag for who keeps nothing (`Cache-Control: no-store`). */
export function tagReads(app: FastifyInstance): void {
  /** The engine's time in an answer, which says nothing about the rest of it. */
  const times = new WeakMap<FastifyRequest, number>();
  app.addHook("preSerialization", async (request, _reply, payload) => {
    const { now } = (payload ?? {}) as { readonly now?: unknown };
    if (typeof now === "number") times.set(request, now);
    return payload;
  });
  app.addHook("onSend", async (request, reply, payload) => {
    if (!request.url.startsWith("/api/")) return payload;
    reply.header("vary", [reply.getHeader("vary"), "Authorization"].filter((one) => one !== undefined).join(", "));
    const isKept = request.headers["cache-control"] !== "no-store";
    const isTagged = isKept && READS.has(request.method) && reply.statusCode === 200 && typeof payload === "string";
    if (!reply.hasHeader("cache-control")) reply.header("cache-control", isTagged ? "private, no-cache" : "no-store");
    if (!isTagged) return payload;
    if (!reply.hasHeader("etag")) reply.header("etag", tagOf(payload, times.get(request)));
    if (!isKnown(request.headers["if-none-match"], String(reply.getHeader("etag")))) return payload;
    reply.code(304).removeHeader("content-type").removeHeader("content-length");
    return null;
  });
}

/** Weak where the engine's time is in it: the rest is the same. */
function tagOf(text: string, now: number | undefined): string {
  const rest = now === undefined ? text : text.replaceAll(`"now":${now}`, "");
  const hash = createHash("sha256").update(rest).digest("base64url").slice(0, 27);
  return `${now === undefined ? "" : "W/"}"${hash}"`;
}

function isKnown(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  const bare = (one: string): string => one.trim().replace(/^W\//, "");
  return header.split(",").some((one) => bare(one) === "*" || bare(one) === bare(tag));
}
