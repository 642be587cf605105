/** Who asks, as a credential says it. */
import type { Asker } from "@kintsugi/core";

/** What a credential was made for: `api` for people and their programs, `mcp` for assistants. */
export type Audience = "api" | "mcp";

/** The names of those audiences in tokens of Kubernetes. */
export const API_AUDIENCE = "kintsugi";
export const MCP_AUDIENCE = "kintsugi-mcp";

export interface Caller {
  readonly name: string;
  readonly groups: readonly string[];
  readonly uid?: string;
  /** As Kubernetes hands it on to a SubjectAccessReview. */
  readonly extra?: Readonly<Record<string, readonly string[]>>;
  /** `proven`: named by whom we trust (API server, OIDC issuer). `claimed`: all share one token, the name is the caller's own word. */
  readonly identity: "proven" | "claimed";
  readonly audience: Audience;
}

/** Who answers for what a credential does. A claimed name is the caller's own word, and could be another for each request: all who share a token are one. */
export function ownerOf({ audience, identity, name }: Caller): string {
  return identity === "claimed" ? audience : `${audience} ${name}`;
}

/** As the ledger names who asked. */
export function askerOf({ name, identity, audience }: Caller): Asker {
  return { type: audience === "mcp" ? "assistant" : "person", name, proven: identity === "proven" };
}
