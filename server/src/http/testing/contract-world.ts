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
  const post = async (path: string, body: object): Promise<void> => {
    const response = await platform.ask(`/api/v2${path}`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
  };
  const healed = of("scaled-to-zero", "awaiting");
  await post(`/incidents/${healed.id}/approve`, { planHash: hashOf(healed) });
  await platform.pass(15 * MINUTE_MS);
  await post("/silences", { id: EXAMPLE_SILENCE.id, namespace: "elsewhere", duration: "2h", why: "so that there is one to lift" });
  const [approved, denied, usual, stuck] = [
    of("bad-rollout", "awaiting"),
    of("missing-config", "awaiting"),
    of("image-not-found", "awaiting"),
    of("crash-loop", "escalated"),
  ];
  const ids: Readonly<Record<string, string>> = {
    "post /api/v2/incidents/{id}/approve": approved.id,
    "post /api/v2/incidents/{id}/deny": denied.id,
    "post /api/v2/incidents/{id}/undo": of("scaled-to-zero", "resolved").id,
    "get /api/v2/remediations/{id}/{n}": healed.id,
    "post /api/v2/incidents/{id}/propose": stuck.id,
    "post /api/v2/incidents/{id}/close": of(undefined, "escalated").id,
  };
  const document = (await (await platform.ask("/api/v2/openapi.json")).json()) as OpenApiDocument;
  return {
    platform,
    document,
    bound: ({ name, parameters, body }) => {
      const own = ids[name] ?? usual.id;
      const here = (value: unknown): unknown => (value === "inc-17" ? own : value === PLAN_HASH ? hashOf(engine.incident(own)) : value);
      const of = (place: string) =>
        Object.fromEntries(parameters.filter((one) => one.in === place && one.example !== undefined).map((one) => [one.name, here(one.example)]));
      return { path: of("path") as Record<string, string>, query: of("query"), body: mapped(body?.example, here) };
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
