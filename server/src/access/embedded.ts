/** Access by the two generated tokens: whoever can read their files may do what each is for. Names are then the caller's own word. */

import type { Access } from "./access.ts";
import { sameToken } from "./token.ts";

export interface EmbeddedTokens {
  readonly api: string;
  readonly mcp: string;
}

export function embeddedAccess(tokens: EmbeddedTokens): Access {
  return {
    hint: "the token is in the file that the program named when it started; it is made anew when it was readable by others",
    authenticate: async (token) => {
      // Both are compared, so that the time taken does not tell which it was.
      const [isApi, isMcp] = [sameToken(token, tokens.api), sameToken(token, tokens.mcp)];
      if (!isApi && !isMcp) return undefined;
      return { name: isApi ? "token" : "mcp", groups: [], identity: "claimed", audience: isApi ? "api" : "mcp" };
    },
    may: async () => "allowed",
  };
}
