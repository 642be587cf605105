/**
 * Callers that an OpenID Connect issuer knows: its tokens are proven here, with the keys that it publishes, by the rules of Kubernetes' API
 * server (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#openid-connect-tokens).
 */
import { createRemoteJWKSet, customFetch, errors, type JWTPayload, jwtVerify, type RemoteJWKSet } from "jose";
import { Agent, fetch } from "undici";
import { z } from "zod";
import { AccessUnavailable } from "./access.ts";
import type { Audience, Caller } from "./caller.ts";
import type { Identity } from "./chain.ts";
import { issuerOf } from "./jwt.ts";

export interface OidcOptions {
  /** As the tokens name it, to the letter. */
  readonly issuer: string;
  readonly audience: string;
  /** What credentials for assistants are made for; undefined: the issuer makes none. */
  readonly mcpAudience?: string;
  readonly usernameClaim: string;
  /** Undefined: the issuer and `#`, for every claim but `email`. */
  readonly usernamePrefix?: string;
  readonly groupsClaim?: string;
  readonly groupsPrefix: string;
  /** Asymmetric ones, for example RS256. */
  readonly algorithms: readonly string[];
  /** Who signs the issuer's certificate, where that is none of the usual authorities, PEM. */
  readonly ca?: string;
  /** Keys are looked for anew when a token names one that is not known, but not more often than this, ms. */
  readonly newKeysMs?: number;
}

export interface OidcIdentity extends Identity {
  close(): Promise<void>;
}

const ANSWER_WITHIN_MS = 4_500;
const MAX_ANSWER_BYTES = 1 << 20;
const NEW_KEYS_MS = 5_000;
/** Where the keys are is asked again after this, ms. */
const DISCOVERY_MS = 3_600_000;

const Discovery = z.object({ issuer: z.string(), jwks_uri: z.string() });

/** Asks the network nothing before the first token. `monotonic`: a clock that never steps, ms; `now`: the wall clock, ms, by which tokens end. */
export function oidcIdentity(options: OidcOptions, clocks: { readonly monotonic: () => number; readonly now: () => number }): OidcIdentity {
  const agent = new Agent({ maxResponseSize: MAX_ANSWER_BYTES, ...(options.ca === undefined ? {} : { connect: { ca: options.ca } }) });
  const keys = publishedKeys(options, agent, clocks.monotonic);
  const audiences = [options.audience, ...(options.mcpAudience === undefined ? [] : [options.mcpAudience])];
  return {
    hint: `a token of ${options.issuer} for ${options.audience}`,
    claims: (token) => issuerOf(token) === options.issuer,
    authenticate: async (token) => {
      const found = await keys();
      const { issuer } = options;
      const rules = { issuer, audience: audiences, algorithms: [...options.algorithms], requiredClaims: ["exp"], currentDate: new Date(clocks.now()) };
      try {
        const { payload } = await jwtVerify(token, found, rules);
        return callerOf(payload, options);
      } catch (error) {
        if (isTheTokens(error)) return undefined;
        throw new AccessUnavailable(`the keys of ${issuer} cannot be read (${reasonOf(error)})`);
      }
    },
    close: () => agent.close(),
  };
}

/** Where the issuer publishes its keys is read from its discovery document; a failure is not kept. */
function publishedKeys({ issuer, newKeysMs = NEW_KEYS_MS }: OidcOptions, agent: Agent, monotonic: () => number): () => Promise<RemoteJWKSet> {
  let known: { readonly at: number; readonly url: string; readonly keys: RemoteJWKSet } | undefined;
  let asking: Promise<RemoteJWKSet> | undefined;
  const discover = async (): Promise<RemoteJWKSet> => {
    const where = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
    const said = await readDiscovery(where, agent).catch((error: unknown) => {
      // Keys that are known already outlast an issuer that is away for a while.
      if (known !== undefined) return undefined;
      throw new AccessUnavailable(`the OIDC issuer ${issuer} does not answer (${reasonOf(error)})`);
    });
    if (said !== undefined && said.issuer !== issuer)
      throw new AccessUnavailable(`what answers at ${where} calls itself ${said.issuer}: --oidc-issuer must be its name to the letter`);
    const url = said?.jwks_uri ?? known?.url ?? "";
    if (!isSafe(url)) throw new AccessUnavailable(`${where} names no https address for its keys`);
    known = { at: monotonic(), url, keys: known?.url === url ? known.keys : keysAt(url, agent, newKeysMs) };
    return known.keys;
  };
  return () => {
    if (known !== undefined && monotonic() - known.at < DISCOVERY_MS) return Promise.resolve(known.keys);
    asking ??= discover().finally(() => {
      asking = undefined;
    });
    return asking;
  };
}

async function readDiscovery(where: string, agent: Agent): Promise<z.infer<typeof Discovery>> {
  const answer = await fetch(where, { dispatcher: agent, redirect: "error", signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
  if (answer.status !== 200) throw new Error(`HTTP ${answer.status}`);
  return Discovery.parse(await answer.json());
}

function keysAt(url: string, agent: Agent, newKeysMs: number): RemoteJWKSet {
  return createRemoteJWKSet(new URL(url), {
    timeoutDuration: ANSWER_WITHIN_MS,
    cooldownDuration: newKeysMs,
    [customFetch]: (address, { method, redirect, signal }) => fetch(address, { method, redirect, signal, dispatcher: agent }) as unknown as Promise<Response>,
  });
}

/** Encrypted, or on this machine. */
export function isSafe(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === "https:" || (protocol === "http:" && ["localhost", "127.0.0.1", "[::1]"].includes(hostname));
}

/** The token is at fault, and not our way to the keys. */
function isTheTokens(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return false;
  return !(error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid || error.code === "ERR_JOSE_GENERIC");
}

function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) return "its discovery document lacks issuer or jwks_uri";
  if (error instanceof DOMException && error.name === "TimeoutError") return "no answer in time";
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(inner instanceof Error)) return "unknown";
  return "code" in inner && typeof inner.code === "string" && inner.message === "" ? inner.code : inner.message;
}

function callerOf(claims: JWTPayload, options: OidcOptions): Caller | undefined {
  const { usernameClaim, usernamePrefix, mcpAudience } = options;
  const given = claims[usernameClaim];
  if (typeof given !== "string" || given === "") return undefined;
  if (usernameClaim === "email" && "email_verified" in claims && claims["email_verified"] !== true) return undefined;
  const name = `${usernamePrefix ?? (usernameClaim === "email" ? "" : `${options.issuer}#`)}${given}`;
  // These names are the cluster's own: an issuer elsewhere must not be able to give them.
  if (name.startsWith("system:")) return undefined;
  const meant = [claims.aud ?? []].flat();
  const audience: Audience = mcpAudience !== undefined && meant.includes(mcpAudience) ? "mcp" : "api";
  return { name, groups: groupsOf(claims, options), identity: "proven", audience };
}

/** A text or a list of texts; anything else is no group. */
function groupsOf(claims: JWTPayload, { groupsClaim, groupsPrefix }: OidcOptions): readonly string[] {
  const given = groupsClaim === undefined ? [] : [claims[groupsClaim] ?? []].flat();
  const groups = given.filter((group): group is string => typeof group === "string" && group !== "").map((group) => `${groupsPrefix}${group}`);
  // As the API server adds it to all whom it knows.
  return [...groups.filter((group) => !group.startsWith("system:")), "system:authenticated"];
}
