/** Puts together by what credentials an API is entered. */
import { join } from "node:path";
import type { Kubernetes } from "../adapters/kubernetes/index.ts";
import { writing } from "../home-file.ts";
import type { Access } from "./access.ts";
import { chainAccess } from "./chain.ts";
import { clusterRights } from "./cluster-rights.ts";
import { embeddedAccess } from "./embedded.ts";
import { type OidcOptions, oidcIdentity } from "./oidc.ts";
import { ensureToken } from "./token.ts";
import { tokenReviewAccess } from "./token-review.ts";

/** The generated tokens: one for people and programs, one for assistants. */
export interface TokenFiles {
  readonly api: string;
  readonly mcp: string;
}

export interface Entrance {
  readonly access: Access;
  readonly methods: readonly Method[];
  /** Where generated tokens open it. */
  readonly tokenFiles?: TokenFiles;
  /** Issuers from which clients can get a credential for MCP by themselves. */
  readonly mcpIssuers?: readonly string[];
}

export const METHODS = ["token", "kubernetes", "oidc"] as const;
export type Method = (typeof METHODS)[number];

export interface AccessChoice {
  readonly methods: readonly Method[];
  /** Where the methods name it. */
  readonly oidc?: OidcOptions;
}

/** By the two generated tokens alone. Reads them, or makes them; throws PortError that names the file which cannot be written. */
export function tokenEntrance(home: string): Entrance & { readonly tokenFiles: TokenFiles } {
  const tokenFiles = { api: join(home, "token"), mcp: join(home, "mcp-token") };
  const token = (file: string): string => writing(file, () => ensureToken(file));
  return { access: embeddedAccess({ api: token(tokenFiles.api), mcp: token(tokenFiles.mcp) }), methods: ["token"], tokenFiles };
}

export interface Clocks {
  /** Wall clock, ms. */
  readonly now: () => number;
  /** A clock that never steps, ms. */
  readonly monotonic: () => number;
}

/** By what was chosen; whoever is proven is then judged by the RBAC of the cluster. `close` ends the connections to an issuer. */
export function openEntrance(
  home: string,
  kubernetes: Pick<Kubernetes, "ownerOf" | "mayUser">,
  { methods, oidc }: AccessChoice,
  clocks: Clocks,
): Entrance & { close(): Promise<void> } {
  const tokens = methods.includes("token") ? tokenEntrance(home) : undefined;
  const issuer = oidc === undefined ? undefined : oidcIdentity(oidc, clocks);
  const reviews = methods.includes("kubernetes") ? [tokenReviewAccess({ ownerOf: kubernetes.ownerOf, now: clocks.now })] : [];
  const access = chainAccess({
    ...(tokens === undefined ? {} : { embedded: tokens.access }),
    identities: [...reviews, ...(issuer === undefined ? [] : [issuer])],
    rights: clusterRights({ mayUser: kubernetes.mayUser, monotonic: clocks.monotonic }),
  });
  return {
    access,
    methods,
    ...(tokens === undefined ? {} : { tokenFiles: tokens.tokenFiles }),
    mcpIssuers: oidc?.mcpAudience === undefined ? [] : [oidc.issuer],
    close: async () => {
      await issuer?.close();
    },
  };
}
