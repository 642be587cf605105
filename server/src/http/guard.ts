/** Who may ask: Host and Origin first (a web page elsewhere must not reach a loopback API), then the token, then the right to what is asked. */
import { isIP } from "node:net";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { type Access, AccessUnavailable } from "../access/access.ts";
import type { Caller } from "../access/caller.ts";
import { API_GROUP, isBeyondAssistants, isReading, lookingAt, type Right, rightText } from "../access/right.ts";
import { METADATA_PATH } from "../mcp/metadata.ts";
import { HttpProblem } from "./problem.ts";

export interface GuardOptions {
  readonly access: Access;
  /** Names besides `localhost` under which the API is reached, without port. Addresses always pass: only a name can be rebound by its owner. */
  readonly hosts: readonly string[];
  /** `/metrics` answers without a token. */
  readonly openMetrics: boolean;
}

/** They say only up or down, to whoever can connect. */
const PROBES: readonly string[] = ["/healthz", "/readyz", "/health"];

const ACTOR = /^[A-Za-z0-9][A-Za-z0-9._@:-]{0,63}$/;

const callers = new WeakMap<object, Caller>();

/** Why somebody was not let through: nobody stands behind the token, they have not the right, or it cannot be told now. */
export type Refusal = "unauthenticated" | "denied" | "unknown";

const STATUS: Readonly<{ [why in Refusal]: number }> = { unauthenticated: 401, denied: 403, unknown: 503 };

class Refused extends HttpProblem {
  readonly why: Refusal;
  constructor(why: Refusal, detail: string) {
    super(STATUS[why], detail, why === "unknown" ? { code: "ACCESS_UNKNOWN" } : {});
    this.why = why;
  }
}

/** Counts every refusal, and has each 401 say what credential is wanted (RFC 6750); where more is to be said, as for MCP, an error handler says it instead. */
export function tellRefusals(app: FastifyInstance, count: (why: Refusal) => void): void {
  app.addHook("onError", async (request, reply, error) => {
    if (!(error instanceof Refused)) return;
    count(error.why);
    if (error.why === "unauthenticated") reply.header("www-authenticate", challenge(request));
  });
}

function challenge({ headers }: FastifyRequest): string {
  const parameters = ['realm="kintsugi"', ...(headers.authorization === undefined ? [] : ['error="invalid_token"'])];
  return `Bearer ${parameters.join(", ")}`;
}

/** Throws HttpProblem unless whoever asks may. Afterwards `callerOf` knows who it is. */
export async function admit(request: FastifyRequest, options: GuardOptions): Promise<void> {
  const path = request.url.split("?")[0] ?? "";
  if (PROBES.includes(path)) return;
  checkHost(request, options.hosts);
  if (isOpen(path, options)) return;
  callers.set(request, await identify(request, options.access));
}

/** Who is asking. Only behind `admit`, and not for what answers without a token. */
export function callerOf(request: FastifyRequest): Caller {
  const caller = callers.get(request);
  if (caller === undefined) throw new Error(`${request.method} ${request.url} answers without a token, so nobody is known to ask`);
  return caller;
}

/** Whether the credential still stands for who began this: for what lasts longer than a request. No answer is no. */
export async function isStillKnown(request: FastifyRequest, access: Access): Promise<boolean> {
  const began = callerOf(request);
  try {
    const { name, identity, audience } = await identify(request, access);
    return name === began.name && identity === began.identity && audience === began.audience;
  } catch (error) {
    if (error instanceof HttpProblem) return false;
    throw error;
  }
}

/** Throws HttpProblem unless the caller has the right; without an answer it has not. */
export async function demand(access: Pick<Access, "may">, caller: Caller, right: Right): Promise<void> {
  const answer = await permitted(access, caller, right);
  if (answer === "allowed") return;
  // The same everywhere, so it says nothing about where.
  if (caller.audience === "mcp" && isBeyondAssistants(right))
    throw new Refused(
      "denied",
      `a credential made for MCP may never ${right.verb} ${right.resource}.${API_GROUP}, whoever owns it: a person does that with their own credential`,
    );
  const told = rightText(await asTold(access, caller, right));
  if (answer === "unknown") throw new Refused("unknown", `whether ${caller.name} may ${told} cannot be told now: the API server did not answer; try again`);
  throw new Refused("denied", `${caller.name} may not ${told}: a role of \`kintsugi rbac\` bound to them would allow it`);
}

/** Where something is that was named by its id is told to who may look at it there, and to nobody else. */
async function asTold(access: Pick<Access, "may">, caller: Caller, right: Right): Promise<Right> {
  if (right.untold !== true) return right;
  const { untold: _, ...open } = right;
  return !isReading(right) && (await permitted(access, caller, lookingAt(right))) === "allowed" ? (open as Right) : right;
}

/** As `demand`, as a value. */
export async function permitted(access: Pick<Access, "may">, caller: Caller, right: Right): Promise<"allowed" | "denied" | "unknown"> {
  if (caller.audience === "mcp" && isBeyondAssistants(right)) return "denied";
  return access.may(caller, right);
}

/** Whether a path answers without a token. */
export function isOpen(path: string, { openMetrics }: Pick<GuardOptions, "openMetrics">): boolean {
  return PROBES.includes(path) || path === METADATA_PATH || path === `${METADATA_PATH}/mcp` || (path === "/metrics" && openMetrics);
}

function checkHost(request: FastifyRequest, hosts: readonly string[]): void {
  const host = hostName(request.headers.host ?? "");
  if (!isAllowedName(host, hosts)) {
    throw new HttpProblem(
      421,
      `this API is not known as ${host === "" ? "an empty Host" : host}; start it with --allow-host ${host === "" ? "NAME" : host} if it should be`,
    );
  }
  const { origin } = request.headers;
  if (origin === undefined) return;
  if (!URL.canParse(origin) || new URL(origin).host !== request.headers.host) throw new HttpProblem(403, "requests from pages of another origin are refused");
}

function hostName(header: string): string {
  if (!/^[A-Za-z0-9.:[\]_-]+$/.test(header) || !URL.canParse(`http://${header}`)) return "";
  return new URL(`http://${header}`).hostname.toLowerCase();
}

function isAllowedName(host: string, hosts: readonly string[]): boolean {
  const bare = host.startsWith("[") ? host.slice(1, -1) : host;
  return host === "localhost" || isIP(bare) !== 0 || hosts.includes(host);
}

async function identify(request: FastifyRequest, access: Access): Promise<Caller> {
  const header = request.headers.authorization ?? "";
  const given = /^Bearer +(\S+)$/i.exec(header)?.[1];
  if (given === undefined) throw new Refused("unauthenticated", `send the header Authorization: Bearer TOKEN; ${access.hint}`);
  const caller = await access.authenticate(given).catch((error: unknown) => {
    if (error instanceof AccessUnavailable) throw new Refused("unknown", `who you are cannot be told now: ${error.message}`);
    throw error;
  });
  if (caller === undefined) throw new Refused("unauthenticated", `this is no token for this API, or none any more; ${access.hint}`);
  return caller.identity === "claimed" ? { ...caller, name: claimedName(request) ?? caller.name } : caller;
}

/** The name that the caller gives itself, where all share one token: a claim, not a proof. */
function claimedName(request: FastifyRequest): string | undefined {
  const given = request.headers["x-kintsugi-actor"];
  if (given === undefined) return undefined;
  if (typeof given !== "string" || !ACTOR.test(given)) {
    throw new HttpProblem(400, "X-Kintsugi-Actor must be 1 to 64 letters, digits or . _ @ : -, beginning with a letter or digit");
  }
  return given;
}
