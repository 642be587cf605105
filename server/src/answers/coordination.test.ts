import type { Incident, Ref, Ticket, TicketResource } from "@kintsugi/core";
import { expect, it } from "vitest";
import { awaiting, incident, PLAN, reported, resolved, T0 } from "../adapters/testing/records.ts";
import { coordinationOf } from "./coordination.ts";

const NODE: Ref = { kind: "Node", namespace: "", name: "worker-1" };
const CART: Ref = { kind: "Deployment", namespace: "shop", name: "cart" };
const BANK: Ref = { kind: "Deployment", namespace: "bank", name: "ledger" };

const named = (subject: Ref, issue = ""): TicketResource => ({ ...subject, issue, subject });
const about = (...resources: readonly TicketResource[]): Ticket => reported("cwf-5", { resources, externalId: "pager-8", incidents: ["inc-1", "inc-2"] });
const on = (subject: Ref, given: Incident): Incident => ({ ...given, subject });
const held = (id: string): Incident => ({ ...awaiting(id), phase: "held", why: "a storm" }) as unknown as Incident;
const acting = (id: string): Incident => ({ ...incident(id), phase: "acting", plan: PLAN, step: 0, attempt: `${id}/1` }) as unknown as Incident;
const undone = (id: string): Incident => ({ ...resolved(id, T0), how: "undone", detail: "ada asked" }) as Incident;

it("mends what lies below first, in whatever order it was named, and says which layer that is", () => {
  const story = coordinationOf(about(named(CART), named(NODE), { kind: "Widget", namespace: "shop", name: "x", issue: "it is blue" }), [
    on(CART, awaiting("inc-1")),
    on(NODE, held("inc-2")),
  ]);
  expect(story.layered_issue).toMatchObject({ affected_layers: ["infrastructure", "application", "unknown"], root_cause_layer: "infrastructure" });
  expect(story.remediation_plan.steps).toMatchObject([
    { order: 1, layer: "infrastructure", incident_id: "inc-2", workflow_id: "wf-2", status: "pending" },
    { order: 2, layer: "application", incident_id: "inc-1", status: "pending" },
  ]);
  expect(story).toMatchObject({ incident_id: "pager-8", status: "pending", execution_result: { reason: "inc-2 is held: a storm; inc-1 is awaiting" } });
});

it("is one step for one incident, however many of its objects are named", () => {
  const pod = { kind: "Pod", namespace: "shop", name: "cart-a", issue: "crashes", subject: CART };
  const { remediation_plan, layered_issue } = coordinationOf(about(pod, named(CART)), [on(CART, awaiting("inc-1"))]);
  expect(remediation_plan.steps).toHaveLength(1);
  expect(layered_issue.resources.map(({ incident_id }) => incident_id)).toEqual(["inc-1", "inc-1"]);
});

it("goes from pending over executing to completed with its incidents, and fails where one is with a person", () => {
  const both = about(named(CART), named(BANK));
  const statusWith = (...incidents: readonly Incident[]) => {
    const { status, execution_result, error_message } = coordinationOf(both, incidents);
    return [status, execution_result.executed_steps, execution_result.failed_step, error_message];
  };
  const escalated = { ...incident("inc-2"), phase: "escalated", why: "no remedy is left", waitsFor: "a person" } as Incident;
  expect(statusWith(on(CART, awaiting("inc-1")), on(BANK, awaiting("inc-2")))).toEqual(["pending", 0, null, null]);
  expect(statusWith(on(CART, acting("inc-1")), on(BANK, escalated))).toEqual(["executing", 0, 2, null]);
  expect(statusWith(on(CART, resolved("inc-1", T0)), on(BANK, awaiting("inc-2")))).toEqual(["executing", 1, null, null]);
  expect(statusWith(on(CART, resolved("inc-1", T0)), on(BANK, resolved("inc-2", T0, "unaided")))).toEqual(["completed", 2, null, null]);
  expect(statusWith(on(CART, resolved("inc-1", T0)), on(BANK, escalated))).toEqual(["failed", 1, 2, "inc-2 is escalated: no remedy is left"]);
});

it("has failed, and says so, where a person took back what was done", () => {
  expect(coordinationOf(about(named(CART)), [on(CART, undone("inc-1"))])).toMatchObject({
    status: "failed",
    error_message: "inc-1 was taken back: ada asked",
  });
});

it("says that nothing is wrong where no object has an incident", () => {
  expect(coordinationOf(about(named(CART)), []).execution_result.reason).toBe("nothing is wrong with what is named");
});

it("stays with the incident that it began with, and takes no new one when it is closed", () => {
  const again = on(CART, awaiting("inc-9"));
  const incidentOf = (ticket: Ticket, ...incidents: readonly Incident[]) => coordinationOf(ticket, incidents).layered_issue.resources[0]?.incident_id;
  const open = about(named(CART));
  expect(incidentOf(open, on(CART, resolved("inc-1", T0)), again)).toBe("inc-1");
  expect(incidentOf(open, again)).toBe("inc-9");
  const closed: Ticket = { ...open, status: "closed", closedAt: T0 + 1_000, why: "inc-1 ended" };
  expect(incidentOf(closed, again)).toBeNull();
  expect(coordinationOf(closed, [])).toMatchObject({ completed_at: new Date(T0 + 1_000).toISOString(), execution_result: { reason: "inc-1 ended" } });
});

it("began with the first attempt since it was asked for: earlier ones are none of its own", () => {
  const attempt = (startedAt: number) => ({ id: "inc-1/1", plan: PLAN, startedAt, outcome: "helped" as const, detail: "d" });
  const startedAt = (...at: readonly number[]) =>
    coordinationOf(about(named(CART)), [on(CART, { ...resolved("inc-1", T0 + 90_000), attempts: at.map(attempt) })]).started_at;
  expect(startedAt(T0 - 60_000)).toBeNull();
  expect(startedAt(T0 - 60_000, T0 + 60_000, T0 + 30_000)).toBe(new Date(T0 + 30_000).toISOString());
});
