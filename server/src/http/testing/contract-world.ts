/** A simulated shop with trouble in several phases, and what the examples of the document mean there: `inc-17` is another incident for each. */
import type { Incident } from "@kintsugi/core";
import { type SimulatedPlatform, simulatedPlatform } from "../../testing/simulated-platform.ts";
import { EXAMPLE_SILENCE } from "../examples.ts";
import type { OpenApiDocument } from "./document-schema.ts";
import type { Operation } from "./each-operation.ts";

const MINUTE_MS = 60_000;

export interface ContractWorld extends AsyncDisposable {
  readonly platform: SimulatedPlatform;
  readonly document: OpenApiDocument;
  /** The values of an operation's example, as they are called here. */
  bound(operation: Operation): Bound;
  /** What its example comes to here: the simulated shop has no metrics source, no model and no advisor. */
  expected(operation: Operation): "success" | number;
}

export interface Bound {
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

type Words = Readonly<Record<string, string>>;

const LACKING: Readonly<Record<string, number>> = {
  "get /api/v2/incidents/{id}/advice": 404,
  "get /api/v2/models/{model}": 404,
  "get /api/v1/models/{model}/health": 503,
  "post /api/v1/detect": 503,
};

export async function contractWorld(): Promise<ContractWorld> {
  const faults = ["scaled-to-zero", "image-not-found", "bad-rollout", "node-not-ready", "crash-loop", "missing-secret"];
  const platform = await simulatedPlatform({ seed: "contract", faults, policy: { rules: [] } });
  await platform.pass(13 * MINUTE_MS);
  const { engine } = platform.opened.platform;
  const of = (mode: string | undefined, phase: Incident["phase"]): Incident => {
    const found = engine.incidents().find((one) => one.mode === mode && one.phase === phase);
    if (found === undefined) throw new Error(`no ${mode} is ${phase}: ${engine.incidents().map((one) => `${one.mode} ${one.phase}`)}`);
    return found;
  };
  const post = async (path: string, body: object): Promise<Readonly<Record<string, unknown>>> => {
    const response = await platform.ask(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${text}`);
    return JSON.parse(text) as Record<string, unknown>;
  };
  const healed = of("scaled-to-zero", "awaiting");
  await post(`/api/v2/incidents/${healed.id}/approve`, { planHash: hashOf(healed) });
  await platform.pass(15 * MINUTE_MS);
  await post("/api/v2/silences", { id: EXAMPLE_SILENCE.id, namespace: "elsewhere", duration: "2h", why: "so that there is one to lift" });
  const report = async (title: string): Promise<string> => {
    const ticket = await post("/api/v1/incidents", { title, description: "for an example", severity: "low", target: "cart", namespace: "shop" });
    return String(ticket["incident_id"]);
  };
  const usual = of("image-not-found", "awaiting");
  const { namespace, name: broken } = usual.subject;
  const resources = [{ kind: "Deployment", namespace, name: broken, issue: "does not start" }];
  const coordination = await post("/api/v1/coordination/trigger", { incident_id: "pager-9", description: "for an example", resources });
  /** What an example says, and what that is called here. */
  const running = engine
    .view()
    .inNamespace("Pod", namespace)
    .find(({ status }) => status.phase === "Running");
  const usually: Words = {
    "inc-17": usual.id,
    cart: broken,
    "cart-7d9c-x2v4p": running?.metadata.name ?? "",
    "wf-17": healed.id.replace("inc", "wf"),
    "cwf-5": String(coordination["workflow_id"]),
  };
  const words: Readonly<Record<string, Words>> = {
    "post /api/v2/incidents/{id}/approve": { "inc-17": of("bad-rollout", "awaiting").id },
    "post /api/v2/incidents/{id}/deny": { "inc-17": of("missing-config", "awaiting").id },
    "post /api/v2/incidents/{id}/undo": { "inc-17": of("scaled-to-zero", "resolved").id },
    "get /api/v2/signals/logs": { app: running?.spec.containers[0]?.name ?? "" },
    "get /api/v2/remediations/{id}/{n}": { "inc-17": healed.id },
    "post /api/v2/incidents/{id}/propose": { "inc-17": of("crash-loop", "escalated").id },
    "post /api/v2/incidents/{id}/close": { "inc-17": of(undefined, "escalated").id },
    "patch /api/v1/incidents/{id}": { "tic-4": await report("to be changed") },
    "post /api/v1/incidents/{id}/close": { "tic-4": await report("to be closed") },
    "post /api/v1/incidents/{id}/correlate": { "tic-4": await report("to be correlated") },
    "get /api/v1/detect/statefulset/{namespace}/{name}": { shop: "data" },
    "get /api/v1/detect/daemonset/{namespace}/{name}": { shop: "observability" },
  };
  const document = (await (await platform.ask("/api/v2/openapi.json")).json()) as OpenApiDocument;
  return {
    platform,
    document,
    bound: ({ name, parameters, body }) => {
      const own = { ...usually, ...words[name] };
      const hash = hashOf(engine.incident(own["inc-17"] ?? ""));
      const here = (value: unknown): unknown => (value === PLAN_HASH ? hash : ((typeof value === "string" ? own[value] : undefined) ?? value));
      const given = (place: string) =>
        Object.fromEntries(parameters.filter((one) => one.in === place && one.example !== undefined).map((one) => [one.name, mapped(one.example, here)]));
      return { path: given("path") as Record<string, string>, query: given("query"), body: mapped(body?.example, here) };
    },
    expected: ({ name, responses }) => LACKING[name] ?? (Object.keys(responses).some((status) => status.startsWith("2")) ? "success" : 503),
    [Symbol.asyncDispose]: () => platform[Symbol.asyncDispose](),
  };
}

/** As the examples write it. */
const PLAN_HASH = "3f9a1c20b7de".padEnd(64, "0");

function hashOf(incident: Incident | undefined): string {
  return incident?.phase === "awaiting" ? incident.proposal.plan.hash : PLAN_HASH;
}

function mapped(value: unknown, change: (value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => mapped(one, change));
  if (typeof value !== "object" || value === null) return change(value);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, mapped(one, change)]));
}
