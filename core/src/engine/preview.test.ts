import { expect, test } from "vitest";
import type { Preflight } from "../model/incident.ts";
import { permissionText } from "../model/step.ts";
import { acting, broken, CART } from "../testing/cart-story.ts";
import { ACT, EngineBench, policy } from "../testing/engine-bench.ts";
import { node } from "../testing/more-objects.ts";
import { condition } from "../testing/objects.ts";
import { preview } from "./preview.ts";
import type { State } from "./state.ts";

const OBSERVE = policy({ mode: "observe" });

/** Everything of the state that a step could have changed. */
function told({ view, detection, correlation, ...rest }: State): string {
  const flat = (_: string, value: unknown): unknown => (value instanceof Map ? [...value] : value instanceof Set ? [...value].toSorted() : value);
  return JSON.stringify({ ...rest, confidence: undefined, objects: view.size, found: detection.findings(), groups: correlation.last.groups }, flat);
}

function gate(seen: ReturnType<typeof preview>, id: string): string | undefined {
  return seen?.next.plan === undefined ? undefined : seen.next.decision.gates.find((answer) => answer.gate === id)?.answer;
}

test("of what is held it says what would be planned, and why it is held", () => {
  const bench = broken(OBSERVE);
  bench.facts();
  const incident = bench.incident(CART);
  expect(incident.phase).toBe("held");
  const seen = preview(bench.state, incident.id);
  expect(seen?.next).toMatchObject({ plan: { action: "roll-back" }, decision: { verdict: "hold" } });
  expect(gate(seen, "policy-mode")).toBe("block");
  expect(seen?.diagnosis.candidates[0]?.mode).toBe("image-not-found");
});

test("it changes nothing, however often it is asked", () => {
  const bench = broken(policy({}));
  bench.facts();
  const before = told(bench.state);
  const first = preview(bench.state, bench.incident(CART).id);
  expect(preview(bench.state, bench.incident(CART).id, { policy: OBSERVE })).toBeDefined();
  expect(preview(bench.state, bench.incident(CART).id)).toEqual(first);
  expect(told(bench.state)).toBe(before);
});

test("under another policy it decides as that one says", () => {
  const bench = broken(OBSERVE);
  bench.facts();
  const { id } = bench.incident(CART);
  expect(preview(bench.state, id, { policy: ACT })?.next).toMatchObject({ decision: { verdict: "act" } });
  expect(bench.incident(CART).phase).toBe("held");
});

test("what the API server has not been asked about is unknown, until the facts are given", () => {
  const bench = broken(policy({}));
  const { id } = bench.incident(CART);
  const seen = preview(bench.state, id);
  expect(gate(seen, "permissions")).toBe("unknown");
  const plan = seen?.next.plan;
  if (plan === undefined) throw new Error("no plan was made");
  const permissions = plan.permissions.map((permission) => ({ text: permissionText(permission), answer: "allowed" as const }));
  const preflight: Preflight = { planHash: plan.hash, at: bench.now, permissions, dryRun: { answer: "accepted", reason: "" } };
  expect(preview(bench.state, id, { preflight })?.next).toMatchObject({ decision: { verdict: "ask" } });
  expect(gate(preview(bench.state, id, { preflight: { ...preflight, planHash: "another" } }), "permissions")).toBe("unknown");
});

test("the plan is the one that the engine makes itself, to the hash", () => {
  const bench = broken(policy({}));
  const { id } = bench.incident(CART);
  const before = preview(bench.state, id)?.next.plan?.hash;
  bench.facts();
  expect(bench.incident(CART)).toMatchObject({ phase: "awaiting", proposal: { plan: { hash: before } } });
});

test("where no plan is possible it says why", () => {
  const bench = new EngineBench(policy({}));
  bench.see(node("worker-1", { status: { conditions: [condition("Ready", "Unknown", { reason: "NodeStatusUnknown" })] } }), node("worker-2"), node("worker-3"));
  bench.pass(600);
  const incident = bench.incident();
  const seen = preview(bench.state, incident.id);
  expect(seen?.next.plan).toBeUndefined();
  expect(seen?.next).toMatchObject({ why: expect.stringMatching(/\w+ \w+/) });
});

test("there is nothing to plan for what is in flight, has ended or does not exist", () => {
  const bench = acting();
  expect(preview(bench.state, bench.incident(CART).id)).toBeUndefined();
  expect(preview(bench.state, "inc-404")).toBeUndefined();
});
