/** What a newcomer asks first: is the cluster there, who am I, what may I see. Changes nothing and never throws. */
import { KINDS, type Kind, RESOURCES, type Reviewed } from "@kintsugi/core";
import type { Discovery } from "./discovery.ts";
import type { Reviewer } from "./review.ts";
import { parseStatus, saidBy } from "./status.ts";
import type { HttpReply, HttpRequest, Transport } from "./transport.ts";

export interface Probe {
  /** Address and where it was read from. */
  readonly server: string;
  /** An API server answered, if only to refuse. */
  readonly reachable: boolean;
  /** What is wrong, for people; empty when nothing is. */
  readonly problem: string;
  /** `v1.34.4`; empty when it does not say. */
  readonly serverVersion: string;
  /** As the API server knows us; undefined when it does not say. */
  readonly identity: { readonly username: string; readonly groups: readonly string[] } | undefined;
  readonly kinds: readonly KindProbe[];
}

export interface KindProbe {
  readonly kind: Kind;
  readonly served: "yes" | "no" | "unknown";
  /** Why it is not served, or not known to be. */
  readonly reason: string;
  readonly list: Reviewed;
  readonly watch: Reviewed;
}

/** What may not be listed or watched, and not because it is not there. */
export function hiddenKinds({ kinds }: Pick<Probe, "kinds">): readonly Kind[] {
  return kinds.filter(({ served, list, watch }) => served !== "no" && (list === "denied" || watch === "denied")).map(({ kind }) => kind);
}

export async function probeCluster(transport: Transport, discovery: Discovery, reviewer: Reviewer, timeoutMs: number): Promise<Probe> {
  const version = await tryAsk(transport, { method: "GET", path: "/version", timeoutMs });
  const nothing: Probe = { server: describe(transport), reachable: false, problem: "", serverVersion: "", identity: undefined, kinds: [] };
  if (typeof version === "string") return { ...nothing, problem: version };
  const serverVersion = version.status === 200 ? textAt(version.body, "gitVersion") : "";
  if (version.status === 401)
    return { ...nothing, reachable: true, problem: `the API server does not know these credentials (expired?): ${saidBy(parseStatus(version))}` };
  if (version.status === 200 && serverVersion === "") return { ...nothing, problem: "what answers there is not a Kubernetes API server" };
  if (version.status !== 200 && version.status !== 403)
    return { ...nothing, problem: `GET /version: ${saidBy(parseStatus(version))}: the API server, or a proxy before it, is not well` };
  const identity = await identify(transport, timeoutMs);
  if (typeof identity === "string") return { ...nothing, reachable: true, serverVersion, problem: identity };
  const kinds: KindProbe[] = [];
  // One kind after the other, list and watch together: a probe must not look like an attack.
  for (const kind of KINDS) kinds.push(await probeKind(kind, discovery, reviewer));
  return { ...nothing, reachable: true, serverVersion, identity, kinds };
}

async function probeKind(kind: Kind, discovery: Discovery, reviewer: Reviewer): Promise<KindProbe> {
  const { group, plural } = RESOURCES[kind];
  const may = (verb: "list" | "watch"): Promise<Reviewed> => reviewer.review({ group, resource: plural, subresource: "", verb, namespace: "", name: "" });
  const [served, list, watch] = await Promise.all([discovery.served(kind), may("list"), may("watch")]);
  return { kind, served: served.type, reason: served.type === "yes" ? "" : served.reason, list, watch };
}

/** SelfSubjectReview (v1 since 1.28). Returns a problem as text, or undefined where the server does not offer it. */
async function identify(transport: Transport, timeoutMs: number): Promise<Probe["identity"] | string> {
  const body = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
  const reply = await tryAsk(transport, { method: "POST", path: "/apis/authentication.k8s.io/v1/selfsubjectreviews", body, timeoutMs });
  if (typeof reply === "string") return reply;
  if (reply.status === 401) return `the API server does not know these credentials (expired?): ${saidBy(parseStatus(reply))}`;
  if (reply.status < 200 || reply.status >= 300) return undefined;
  const user = (JSON.parse(reply.body) as { status?: { userInfo?: { username?: string; groups?: readonly string[] } } }).status?.userInfo;
  return user?.username === undefined ? undefined : { username: user.username, groups: user.groups ?? [] };
}

/** The answer, or in words why there is none. */
async function tryAsk(transport: Transport, request: HttpRequest): Promise<HttpReply | string> {
  try {
    return await transport.send(request);
  } catch (error) {
    if (error instanceof Error) return error.message;
    throw error;
  }
}

function describe(transport: Transport): string {
  try {
    return transport.describe();
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
}

function textAt(body: string, field: string): string {
  try {
    const value = (JSON.parse(body) as Record<string, unknown>)[field];
    return typeof value === "string" ? value : "";
  } catch {
    return "";
  }
}
