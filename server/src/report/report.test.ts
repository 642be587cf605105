import type { Incident, Record, RecordBody } from "@kintsugi/core";
import { expect, it } from "vitest";
import { act, awaiting, CART, DAY, draft, incident, knownGood, PLAN, resolved, resolvedIncident, T0 } from "../adapters/testing/records.ts";
import { createReport } from "./report.ts";

const HOUR = 3_600_000;

/** A timeline: hours after T0, what was recorded, and by whom. */
function report(...events: readonly (readonly [hours: number, body: RecordBody, person?: string])[]) {
  const builder = createReport(T0, T0 + 7 * DAY);
  for (const [index, [hours, body, person]] of events.entries()) {
    const actor = person === undefined ? ({ type: "engine", name: "kintsugi" } as const) : ({ type: "person", name: person } as const);
    builder.add({ ...draft(body, { at: T0 + hours * HOUR, actor }), seq: index + 1, previous: "", hash: "" } as Record);
  }
  return builder.finish();
}
function snapshot(now: Incident, from: Incident["phase"] | "-" = "-"): RecordBody {
  return { type: "incident", incident: now, from, reason: "" };
}
function cartSpec(image: string): RecordBody {
  return { type: "known-good", known: { ref: CART, firstSeen: T0, lastSeen: T0, spec: { replicas: 2, template: { spec: { containers: [{ image }] } } } } };
}

it("counts an incident once, however many records it has", () => {
  const { modes } = report([0, snapshot(incident("inc-1"))], [1, snapshot(awaiting("inc-1"))], [2, resolvedIncident("inc-1", T0 + 2 * HOUR)]);
  expect(modes).toHaveLength(1);
  expect(modes[0]).toMatchObject({ mode: "bad-rollout", incidents: 1, healed: 1, wouldHaveDone: { "roll-back": 1 } });
});

it("says that a person did the same when the healthy spec holds what was proposed", () => {
  const { modes } = report([0, snapshot(awaiting("inc-1"))], [1, cartSpec("shop/cart:1.2")], [1, snapshot(resolved("inc-1", T0 + HOUR, "unaided"))]);
  expect(modes[0]).toMatchObject({ unaided: { "the-same": 1 }, agreement: 1 });
});

it("knows a spec that was good long before, when a person went back to it", () => {
  const { modes } = report([-200, cartSpec("shop/cart:1.2")], [0, snapshot(awaiting("inc-1"))], [1, snapshot(resolved("inc-1", T0 + HOUR, "unaided"))]);
  expect(modes[0]?.unaided["the-same"]).toBe(1);
});

it("says that a person did something else when the fields hold a third value", () => {
  const { modes } = report([0, snapshot(awaiting("inc-1"))], [1, cartSpec("shop/cart:1.4")], [1, snapshot(resolved("inc-1", T0 + HOUR, "unaided"))]);
  expect(modes[0]).toMatchObject({ unaided: { "something-else": 1 }, agreement: 0 });
});

it("says that it got well alone when the fields are as they were", () => {
  const { modes } = report([0, snapshot(awaiting("inc-1"))], [1, cartSpec("shop/cart:broken")], [1, snapshot(resolved("inc-1", T0 + HOUR, "unaided"))]);
  expect(modes[0]).toMatchObject({ unaided: { nothing: 1 } });
  expect(modes[0]?.agreement).toBeUndefined();
});

it("does not guess what people did when the ledger cannot tell", () => {
  const { modes } = report([0, snapshot(awaiting("inc-1"))], [1, knownGood("cart", 2)], [1, snapshot(resolved("inc-1", T0 + HOUR, "unaided"))]);
  expect(modes[0]?.unaided.unknown).toBe(1);
});

it("weighs approvals and denials as what people want", () => {
  const approval = { planHash: PLAN.hash, by: "ada", at: T0, expiresAt: T0 + HOUR };
  const { proposal: _, ...rest } = awaiting("inc-1") as Extract<Incident, { phase: "awaiting" }>;
  const approved: Incident = { ...rest, phase: "diagnosed", candidate: 0, rereads: 0, approval };
  const denied: Incident = { ...rest, id: "inc-2", phase: "held", decision: proposalDecision(), why: "denied by bob", candidate: 0, rereads: 0 };
  const { modes } = report(
    [0, snapshot(awaiting("inc-1"))],
    [1, snapshot(approved, "awaiting"), "ada"],
    [1, act("inc-1")],
    [2, snapshot(awaiting("inc-2"))],
    [3, snapshot(denied, "awaiting"), "bob"],
  );
  expect(modes[0]).toMatchObject({ incidents: 2, approved: 1, denied: 1, acted: 1, agreement: 0.5, unfinished: 2 });
});

it("counts an incident once: what a person did weighs more than the denial before it", () => {
  const denied: Incident = { ...withoutProposal(awaiting("inc-1")), phase: "held", why: "denied by bob", candidate: 0, rereads: 0 };
  const { modes } = report(
    [0, snapshot(awaiting("inc-1"))],
    [1, snapshot(denied, "awaiting"), "bob"],
    [2, cartSpec("shop/cart:1.2")],
    [2, snapshot(resolved("inc-1", T0 + 2 * HOUR, "unaided"))],
  );
  expect(modes[0]).toMatchObject({ denied: 1, unaided: { "the-same": 1 }, shown: 1, agreement: 1 });
});

it("knows a field that was taken away as one that a person took away too", () => {
  const command = { path: "/spec/template/spec/containers/0/command", before: ["/typo"], after: undefined };
  const before = awaiting("inc-1") as Extract<Incident, { phase: "awaiting" }>;
  const proposed = { ...before, proposal: { ...before.proposal, plan: { ...PLAN, diff: [command] } } };
  const { modes } = report([0, snapshot(proposed)], [1, cartSpec("shop/cart:1.2")], [1, snapshot(withoutPlan(resolved("inc-1", T0 + HOUR, "unaided")))]);
  expect(modes[0]?.unaided).toMatchObject({ "the-same": 1, unknown: 0 });
});

it("cannot tell whether somebody else evicted a pod", () => {
  const before = awaiting("inc-1") as Extract<Incident, { phase: "awaiting" }>;
  const proposed = { ...before, proposal: { ...before.proposal, plan: { ...PLAN, diff: [{ path: "/pod", before: "cart-1-a", after: undefined }] } } };
  const { modes } = report([0, snapshot(proposed)], [1, cartSpec("shop/cart:1.2")], [1, snapshot(withoutPlan(resolved("inc-1", T0 + HOUR, "unaided")))]);
  expect(modes[0]?.unaided).toMatchObject({ unknown: 1, "the-same": 0 });
});

it("leaves out what lies outside the window", () => {
  expect(report([-5, snapshot(incident("inc-1"))], [7 * 24, snapshot(incident("inc-2"))]).modes).toEqual([]);
});

function proposalDecision() {
  return (awaiting("x") as Extract<Incident, { phase: "awaiting" }>).proposal.decision;
}
function withoutProposal(one: Incident) {
  const { proposal: _, ...rest } = one as Extract<Incident, { phase: "awaiting" }>;
  return rest;
}
function withoutPlan(one: Incident): Incident {
  const { plan: _, ...rest } = one as Extract<Incident, { phase: "resolved" }>;
  return rest;
}
