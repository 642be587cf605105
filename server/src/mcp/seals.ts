/** What a person was asked, sealed: the answer comes back with it, counts for nothing else, for nobody else, and once. */
import { randomBytes } from "node:crypto";
import { createRequestStateCodec, type RequestStateCodec, type ServerContext } from "@modelcontextprotocol/server";

/** What a person was shown when they were asked to approve. */
export interface Sealed {
  /** Of this very question: another about the same has another. */
  readonly question: string;
  readonly incident: string;
  readonly planHash: string;
}

export interface Seals extends RequestStateCodec<Sealed> {
  /** Whether this is the first answer to the question. */
  spend(question: string): boolean;
}

/** How long a person may take to answer what they are asked. */
const ANSWER_WITHIN_S = 600;
/** More than that many answers within that time are none. */
const MOST = 10_000;

/** `bind`: who is asked, where there are several; nobody else's answer fits. `now`: ms by a clock that never goes back. */
export function sealing(given: { readonly bind?: (context: ServerContext) => string; readonly now?: () => number } = {}): Seals {
  const { bind, now = () => performance.now() } = given;
  const codec = createRequestStateCodec<Sealed>({ key: randomBytes(32), ttlSeconds: ANSWER_WITHIN_S, ...(bind === undefined ? {} : { bind }) });
  /** Oldest first. */
  const spent = new Map<string, number>();
  return {
    mint: codec.mint.bind(codec),
    verify: codec.verify.bind(codec),
    spend: (question) => {
      for (const [old, at] of spent) {
        // Its seal does not open any more.
        if (now() - at <= ANSWER_WITHIN_S * 1_000) break;
        spent.delete(old);
      }
      if (spent.has(question) || spent.size >= MOST) return false;
      spent.set(question, now());
      return true;
    },
  };
}
