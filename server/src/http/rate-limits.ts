/**
 * How much one caller may ask, and how often one address may guess. `@fastify/rate-limit` counts in fixed windows, which let twice the limit
 * through at their edge, hangs on each route so that paths which do not exist cost nothing, and cannot count failures alone.
 */
import { createHash } from "node:crypto";
import { isIPv6, Socket } from "node:net";
import type { FastifyReply, FastifyRequest } from "fastify";
import { ownerOf } from "../access/caller.ts";
import { callerOf } from "./guard.ts";
import { HttpProblem } from "./problem.ts";
import { type Rate, type Taken, TokenBuckets } from "./token-buckets.ts";

export interface Rates {
  readonly read: Rate;
  readonly write: Rate;
  /** Tokens that stand for nobody, from one address. */
  readonly failure: Rate;
}

const DEFAULT_RATES: Rates = {
  read: { burst: 5_000, perSecond: 500 },
  write: { burst: 200, perSecond: 20 },
  failure: { burst: 20, perSecond: 0.2 },
};

const READS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);
/** Tokens that were good lately, so that who guesses beside others does not lock them out. */
const MAX_GOOD_TOKENS = 1_000;
const GOOD_FOR_MS = 3_600_000;

export interface RateLimits {
  /** Lets `identify` find out who asks, unless too many wrong tokens came from there. Throws HttpProblem 429. */
  guarded(request: FastifyRequest, identify: () => Promise<void>): Promise<void>;
  /** Counts a request of a known caller. Throws HttpProblem 429. */
  count(request: FastifyRequest, reply: FastifyReply): void;
}

/** `now`: ms by a clock that never goes back. */
export function rateLimits(now: () => number, rates: Rates = DEFAULT_RATES): RateLimits {
  const buckets = { read: new TokenBuckets(rates.read), write: new TokenBuckets(rates.write), failure: new TokenBuckets(rates.failure) };
  const good = new Map<string, number>();
  return {
    async guarded(request, identify) {
      const { authorization } = request.headers;
      if (authorization === undefined || isInside(request)) return identify();
      const [address, digest] = [addressOf(request.ip), digestOf(authorization)];
      const { allowed, waitSeconds } = buckets.failure.look(address, now());
      if (!allowed && now() - (good.get(digest) ?? Number.NEGATIVE_INFINITY) > GOOD_FOR_MS)
        throw tooMany("too many tokens that are not of this API came from your address", waitSeconds);
      try {
        await identify();
      } catch (error) {
        if (error instanceof HttpProblem && error.problem.status === 401) {
          good.delete(digest);
          buckets.failure.take(address, now());
        }
        throw error;
      }
      remember(good, digest, now());
    },
    count(request, reply) {
      const type = isRead(request) ? "read" : "write";
      // What the MCP endpoint asks for a caller came in as one request, which was counted as a read; what it writes is counted here.
      if (isInside(request) && type === "read") return;
      const taken = buckets[type].take(ownerOf(callerOf(request)), now());
      const headers = headersOf(type, rates[type], taken);
      if (!taken.allowed) throw tooMany(`you ${type} too fast`, taken.waitSeconds, headers);
      reply.headers(headers);
    },
  };
}

/** A request that this process makes of itself has no socket, and nobody outside can make one without. */
function isInside(request: FastifyRequest): boolean {
  return !(request.raw.socket instanceof Socket);
}

function isRead({ method, url }: FastifyRequest): boolean {
  return READS.has(method) || /^\/mcp(?=$|[?/])/.test(url);
}

/** Of IPv6 the network: one machine has all of its addresses. */
export function addressOf(ip: string): string {
  if (!isIPv6(ip) || ip.startsWith("::ffff:")) return ip;
  const [head = "", tail = ""] = ip.split("::");
  const [front, back] = [head.split(":").filter(Boolean), tail.split(":").filter(Boolean)];
  return [...front, ...Array<string>(Math.max(0, 8 - front.length - back.length)).fill("0"), ...back].slice(0, 4).join(":");
}

function digestOf(header: string): string {
  return createHash("sha256").update(header).digest("base64url");
}

function remember(good: Map<string, number>, digest: string, at: number): void {
  good.delete(digest);
  good.set(digest, at);
  const [oldest] = good.keys();
  if (good.size > MAX_GOOD_TOKENS && oldest !== undefined) good.delete(oldest);
}

function headersOf(name: string, { burst, perSecond }: Rate, { left, waitSeconds }: Taken): Record<string, string> {
  return { "ratelimit-policy": `"${name}";q=${burst};w=${Math.ceil(burst / perSecond)}`, ratelimit: `"${name}";r=${left};t=${waitSeconds}` };
}

function tooMany(what: string, waitSeconds: number, headers: Readonly<Record<string, string>> = {}): HttpProblem {
  return new HttpProblem(429, `${what}: try again in ${waitSeconds} s`, {
    code: "TOO_MANY_REQUESTS",
    headers: { ...headers, "retry-after": String(waitSeconds) },
  });
}
