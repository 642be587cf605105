/** What clients read to learn whose credentials are accepted (RFC 9728), and the challenge that leads them there. */

import type { FastifyRequest } from "fastify";

/** Where credentials come from. */
export interface AuthorizationServers {
  /** OIDC issuers that are trusted; none in embedded mode, where a file holds the credential. */
  readonly issuers: readonly string[];
  /** Scopes to ask them for. */
  readonly scopes: readonly string[];
  /** The address under which clients know this server, when it is not the one that they connect to: `https://kintsugi.example.org`. */
  readonly publicUrl?: string | undefined;
}

export const METADATA_PATH = "/.well-known/oauth-protected-resource";

/** Scheme and host that the client asked. */
export function originOf({ protocol, headers }: Pick<FastifyRequest, "protocol" | "headers">): string {
  return `${protocol}://${headers.host}`;
}

/** `origin`: scheme and host that the client asked, already checked by the guard. */
export function protectedResource(origin: string, { issuers, scopes, publicUrl }: AuthorizationServers): object {
  return {
    resource: `${publicUrl ?? origin}/mcp`,
    ...(issuers.length === 0 ? {} : { authorization_servers: issuers }),
    ...(scopes.length === 0 ? {} : { scopes_supported: scopes }),
    bearer_methods_supported: ["header"],
    resource_name: "Kintsugi",
  };
}

/** For the header WWW-Authenticate of a 401. `error` as RFC 6750 names it; none when no credential was sent. */
export function challenge(origin: string, { publicUrl }: AuthorizationServers, error?: string): string {
  const parts = [`resource_metadata="${publicUrl ?? origin}${METADATA_PATH}/mcp"`, ...(error === undefined ? [] : [`error="${error}"`])];
  return `Bearer ${parts.join(", ")}`;
}
