/** `Idempotency-Key` on writes: who repeats a request with the same key gets the first answer, and it is done once. */
import { createHash } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { callerOf } from "./guard.ts";
import { KeptAnswers } from "./kept-answers.ts";
import { HttpProblem } from "./problem.ts";

const WRITES: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH", "DELETE"]);
const KEY = /^[\x21-\x7e]{1,200}$/;
const KEPT_HEADERS = ["content-type", "location", "etag"] as const;
/** A longer answer is not kept, so what it answers is done again. */
const MAX_KEPT_BYTES = 1024 * 1024;

/** One store for all routes of the app. */
export type Repeats = (instance: FastifyInstance) => void;

/** Returns what makes an instance keep its answers. Apply it after `keepRights`: a replay too needs the right. */
export function repeats(now: () => number): Repeats {
  const kept = new KeptAnswers();
  const underWay = new WeakMap<FastifyRequest, string>();
  return (instance) => {
    instance.addHook("preHandler", async (request, reply) => {
      const given = request.headers["idempotency-key"];
      // What shows each caller what they may see is a question, and is answered anew: rights may have been taken away since.
      if (given === undefined || !WRITES.has(request.method) || request.routeOptions.config.right === "filtered") return;
      const key = `${ownerOf(request)} ${keyOf(given)}`;
      const known = kept.begin(key, fingerprintOf(request), now());
      if (known.type === "new") underWay.set(request, key);
      else if (known.type === "kept") return replay(reply, known.answer);
      else if (known.type === "under-way")
        throw new HttpProblem(409, "the first request with this Idempotency-Key is still under way", { code: "IDEMPOTENCY_KEY_UNDER_WAY" });
      else throw new HttpProblem(422, "this Idempotency-Key was used for another request: make a new one for each", { code: "IDEMPOTENCY_KEY_REUSED" });
    });
    instance.addHook("onSend", async (request, reply, payload) => {
      const key = underWay.get(request);
      if (key === undefined) return payload;
      underWay.delete(request);
      const text = payload ?? "";
      // Too early and unable are no answers: whoever asks again means to have it done.
      if (reply.statusCode >= 500 || reply.statusCode === 429 || typeof text !== "string" || Buffer.byteLength(text) > MAX_KEPT_BYTES) kept.forget(key);
      else kept.keep(key, { status: reply.statusCode, text, headers: headersOf(reply) });
      return payload;
    });
  };
}

function replay(
  reply: FastifyReply,
  { status, headers, text }: { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly text: string },
) {
  return reply
    .code(status)
    .headers({ ...headers, "idempotency-replayed": "true" })
    .serializer(String)
    .send(text);
}

/** Where all share one token the name is the caller's own word: it keeps the keys of two apart, nothing more. */
function ownerOf(request: FastifyRequest): string {
  const { audience, identity, name } = callerOf(request);
  return JSON.stringify([audience, identity, name]);
}

function keyOf(given: string | string[]): string {
  if (typeof given === "string" && KEY.test(given)) return given;
  throw new HttpProblem(400, "Idempotency-Key must be 1 to 200 visible ASCII characters, a UUID for example");
}

function fingerprintOf({ method, url, body }: FastifyRequest): string {
  return createHash("sha256")
    .update(JSON.stringify([method, url, body]))
    .digest("base64url");
}

function headersOf(reply: FastifyReply): Record<string, string> {
  const pairs = KEPT_HEADERS.map((name) => [name, reply.getHeader(name)] as const);
  return Object.fromEntries(pairs.filter((pair): pair is [(typeof KEPT_HEADERS)[number], string] => typeof pair[1] === "string"));
}
