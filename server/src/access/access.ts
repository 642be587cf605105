/** Who a token stands for, and what they may do. Unknown means no. */
import type { Caller } from "./caller.ts";
import type { Right } from "./right.ts";

export type Permitted = "allowed" | "denied" | "unknown";

export interface Access {
  /** How whoever has no token comes by one, for people. */
  readonly hint: string;
  /** Undefined when nobody stands behind the token. Throws AccessUnavailable when whoever knows cannot be asked. */
  authenticate(token: string): Promise<Caller | undefined>;
  /** Never throws: no answer is `unknown`. What credentials for MCP can never do is refused before this is asked. */
  may(caller: Caller, right: Right): Promise<Permitted>;
}

/** Whoever knows (API server, OIDC issuer) does not answer: nobody is let in meanwhile. */
export class AccessUnavailable extends Error {
  constructor(why: string) {
    super(why);
    this.name = "AccessUnavailable";
  }
}
