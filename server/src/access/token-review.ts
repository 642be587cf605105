/** Callers that the cluster's API server knows: a TokenReview, believed for a moment and never for longer than the token lives. */
import { createHash } from "node:crypto";
import { PortError } from "@kintsugi/core";
import type { Kubernetes, TokenOwner } from "../adapters/kubernetes/index.ts";
import { type Answer, Remembered } from "../remembered.ts";
import { AccessUnavailable } from "./access.ts";
import { API_AUDIENCE, type Caller, MCP_AUDIENCE } from "./caller.ts";
import type { Identity } from "./chain.ts";
import { expiryOf } from "./jwt.ts";
import { Turnstile } from "./turnstile.ts";

export interface TokenReviewOptions {
  readonly ownerOf: Kubernetes["ownerOf"];
  /** Wall clock, ms: tokens end by it. */
  readonly now: () => number;
}

/** So long a token is believed, ms: what is revoked is seen to be after it. */
const KNOWN_MS = 10_000;
/** Nobody's is asked about again sooner: a token may be younger than what the API server has heard. */
const NOBODY_MS = 2_000;
const MOST = 10_000;
/** Strangers must not make us flood the API server. */
const AT_ONCE = 16;
const MOST_WAITING = 512;

export function tokenReviewAccess({ ownerOf, now }: TokenReviewOptions): Identity {
  const remembered = new Remembered<Caller | undefined>(MOST, now);
  const turnstile = new Turnstile(AT_ONCE, MOST_WAITING);
  const ask = async (token: string): Promise<Answer<Caller | undefined>> => {
    const asked = await turnstile.pass(async () => ({ caller: callerOf(await ownerOf(token, [API_AUDIENCE, MCP_AUDIENCE])) }));
    if (asked === undefined) throw new AccessUnavailable("too many are asking at once; try again");
    const { caller } = asked;
    return {
      value: caller,
      until: now() + (caller === undefined ? NOBODY_MS : Math.min(KNOWN_MS, Math.max(0, (expiryOf(token) ?? Number.POSITIVE_INFINITY) - now()))),
    };
  };
  return {
    hint: `kubectl create token NAME --audience ${API_AUDIENCE} makes one`,
    authenticate: async (token) => {
      try {
        // The memory knows tokens by their hash: whoever reads it can be nobody by it.
        return await remembered.get(createHash("sha256").update(token).digest("base64"), () => ask(token));
      } catch (error) {
        if (error instanceof PortError) throw new AccessUnavailable(error.failure.message);
        throw error;
      }
    },
  };
}

/** Nobody, unless the token was made for us. Made for both, it is the narrower. */
function callerOf(owner: TokenOwner | undefined): Caller | undefined {
  if (owner === undefined) return undefined;
  const { user, audiences } = owner;
  const audience = audiences.includes(MCP_AUDIENCE) ? "mcp" : audiences.includes(API_AUDIENCE) ? "api" : undefined;
  if (audience === undefined) return undefined;
  const { username, uid, groups = [], extra } = user;
  return { name: username, groups, ...(uid === undefined ? {} : { uid }), ...(extra === undefined ? {} : { extra }), identity: "proven", audience };
}
