/** Who may ask: Host and Origin first (a web page elsewhere must not reach a loopback API), then the token. */
import { isIP } from "node:net";
import type { FastifyRequest } from "fastify";
import { HttpProblem } from "./problem.ts";
import { sameToken } from "./token.ts";

export interface GuardOptions {
  readonly token: string;
  /** Names besides `localhost` under which the API is reached, without port. Addresses always pass: only a name can be rebound by its owner. */
  readonly hosts: readonly string[];
  /** `/metrics` answers without a token. */
  readonly openMetrics: boolean;
}

/** They say only up or down, to whoever can connect. */
const PROBES: readonly string[] = ["/healthz", "/readyz"];

const ACTOR = /^[A-Za-z0-9][A-Za-z0-9._@:-]{0,63}$/;

/** Throws HttpProblem unless whoever asks may. */
export function admit(request: FastifyRequest, options: GuardOptions): void {
  const path = request.url.split("?")[0] ?? "";
  if (PROBES.includes(path)) return;
  checkHost(request, options.hosts);
  if (!isOpen(path, options)) checkToken(request, options.token);
}

/** Whether a path answers without a token. */
export function isOpen(path: string, { openMetrics }: Pick<GuardOptions, "openMetrics">): boolean {
  return PROBES.includes(path) || (path === "/metrics" && openMetrics);
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

function checkToken(request: FastifyRequest, expected: string): void {
  const header = request.headers.authorization ?? "";
  const given = /^Bearer +(\S+)$/i.exec(header)?.[1];
  if (given === undefined)
    throw new HttpProblem(401, "send the header Authorization: Bearer TOKEN; the token is in the file that the program named when it started");
  if (!sameToken(given, expected))
    throw new HttpProblem(401, "this is not the token of this API; read the token file again, it is made anew when it was readable by others");
}

/** Who is asking, for the ledger: the name that the caller gives itself. All share one token, so it is a claim, not a proof. */
export function actorOf(request: FastifyRequest): string {
  const given = request.headers["x-kintsugi-actor"];
  if (given === undefined) return "token";
  if (typeof given !== "string" || !ACTOR.test(given)) {
    throw new HttpProblem(400, "X-Kintsugi-Actor must be 1 to 64 letters, digits or . _ @ : -, beginning with a letter or digit");
  }
  return given;
}
