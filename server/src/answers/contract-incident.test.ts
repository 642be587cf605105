import type { Incident, Ticket } from "@kintsugi/core";
import { describe, expect, it } from "vitest";
import { awaiting, CART, incident, reported, resolved, T0 } from "../adapters/testing/records.ts";
import { contractStatus, fromIncident, fromTicket, hasStatus, reportsByIncident } from "./contract-incident.ts";
import { aliveIn } from "./named-objects.ts";

const phase = (given: object): Incident => ({ ...incident("inc-1"), ...given }) as Incident;
const closed = (ticket: Ticket): Ticket => ({ ...ticket, status: "closed", closedAt: T0 + 60_000, why: "done" });
const onCart = (id: string, incidents: readonly string[] = []): Ticket =>
  reported(id, { resources: [{ ...CART, issue: "slow", subject: CART }], affected: ["Deployment/cart"], incidents });

describe("an incident of the engine", () => {
  it.each([
    [incident("inc-1"), "active", "active"],
    [awaiting("inc-1"), "active", "active"],
    [phase({ phase: "verifying" }), "in_progress", "active"],
    [phase({ phase: "undoing" }), "in_progress", "active"],
    [phase({ phase: "escalated" }), "failed", "failed"],
    [resolved("inc-1", T0, "healed"), "remediated", "completed"],
    [resolved("inc-1", T0, "unaided"), "resolved", "completed"],
    [resolved("inc-1", T0, "closed"), "resolved", "completed"],
  ] as const)("%# has the contract's status, and is found by the one word for it", (given, status, word) => {
    expect(contractStatus(given)).toBe(status);
    expect((["active", "completed", "failed"] as const).filter((one) => hasStatus(status, one))).toEqual([word]);
    expect(hasStatus(status, "all")).toBe(true);
  });

  it("says what is seen and how it stands, when it ended, and who reported it", () => {
    expect(fromIncident(resolved("inc-17", T0 + 60_000), ["tic-3"])).toMatchObject({
      ...{ id: "inc-17", workflow_id: "wf-17", resource: "Deployment/cart", issue_type: "bad-rollout", source: "workflow", correlated_incidents: ["tic-3"] },
      ...{ description: "all pods are ready", completed_at: new Date(T0 + 60_000).toISOString() },
    });
    expect(fromIncident(phase({ phase: "held", why: "a storm", explains: ["Pod/cart-a"] }), [])).toMatchObject({
      ...{ description: "a storm", completed_at: null, affected_resources: ["Deployment/cart", "Pod/cart-a"] },
    });
  });

  it("is as sure as its best candidate was measured to be, and not at all where none was", () => {
    const withConfidence = (...all: readonly object[]) =>
      fromIncident(phase({ diagnosis: { candidates: all.map((confidence) => ({ confidence })) } }), []).confidence;
    expect(withConfidence({ type: "measured", share: 0.93 }, { type: "measured", share: 0.4 })).toBe(0.93);
    expect(withConfidence({ type: "unproven" }, { type: "measured", share: 0.4 })).toBeNull();
    expect(fromIncident(incident("inc-1"), []).confidence).toBeNull();
  });
});

describe("a report", () => {
  it("is about the incident that is alive for what it names, and about those that it was said to be about", () => {
    const alive = aliveIn([incident("inc-7"), resolved("inc-6", T0)]);
    expect(fromTicket(onCart("tic-1", ["inc-2", "inc-7"]), alive)).toMatchObject({
      ...{ correlated_incidents: ["inc-7", "inc-2"], workflow_id: "wf-7", resource: "Deployment/cart", status: "active", phase: null, completed_at: null },
    });
  });

  it("that is closed stays with what it was about, whatever breaks there later", () => {
    const later = fromTicket(closed(onCart("tic-1", ["inc-2"])), aliveIn([incident("inc-7")]));
    expect(later).toMatchObject({ correlated_incidents: ["inc-2"], status: "resolved", completed_at: new Date(T0 + 60_000).toISOString() });
  });

  it("that names nothing known belongs to no incident", () => {
    expect(fromTicket(reported("tic-1"), aliveIn([incident("inc-7")]))).toMatchObject({ resource: "", workflow_id: null, correlated_incidents: [] });
  });

  it("is listed with each incident that it is about; a coordination is no report", () => {
    const reports = reportsByIncident([onCart("tic-1", ["inc-2"]), onCart("tic-3"), onCart("cwf-4")], aliveIn([incident("inc-7")]));
    expect([...reports]).toEqual([
      ["inc-7", ["tic-1", "tic-3"]],
      ["inc-2", ["tic-1"]],
    ]);
  });
});
