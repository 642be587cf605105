import { type Incident, PolicySpec, type Preview, policyOf } from "@kintsugi/core";
import { describe, expect, it } from "vitest";
import { awaiting, incident, PLAN, resolved, T0 } from "../adapters/testing/records.ts";
import { triggered } from "./triggered.ts";

const policy = policyOf("default", PolicySpec.parse({ windows: { verifySettle: "1m", verifyHold: "2m30s" } }));
const phase = (given: object): Incident => ({ ...incident("inc-17"), ...given }) as Incident;
const told = (one: Incident, next?: Preview, dryRun = false) => triggered(one, next, { method: "manual", policy, now: T0, dryRun, said: "asked" });
const GATES = [{ gate: "mode", answer: "ask" as const, reason: "policy says suggest" }];
const planned: Preview = {
  incident: incident("inc-17"),
  diagnosis: { candidates: [], changes: [], at: T0 },
  next: { plan: PLAN, decision: { verdict: "ask", gates: GATES, at: T0 } },
};

describe("a trigger", () => {
  it("of a plan that waits for a person shows the plan, every gate, and how and until when they decide", () => {
    const answer = told(awaiting("inc-17"));
    expect(answer).toMatchObject({
      ...{ workflow_id: "wf-17", status: "pending", plan: { action: "roll-back", hash: PLAN.hash, diff: PLAN.diff }, plan_reason: null, gates: GATES },
      estimated_duration: "3m30s",
    });
    expect(answer.message).toContain(`until ${new Date(T0 + 3_600_000).toISOString()}`);
    expect(answer.message).toContain("kintsugi approve inc-17");
  });

  it("of an incident without a plan in hand shows the one that would be made, which nobody has begun", () => {
    expect(told(incident("inc-17"), planned, true)).toMatchObject({ status: "pending", dry_run: true, plan: { hash: PLAN.hash }, gates: GATES });
    expect(told(incident("inc-17"), planned, true).message).toMatch(/^dry run, asked; /);
  });

  it("that comes to no plan says why, and guesses no duration", () => {
    const none = { ...planned, next: { why: "what was seen fits no known failure mode" } };
    expect(told(phase({ phase: "escalated", why: "no remedy is left", waitsFor: "a person" }), none)).toMatchObject({
      ...{ status: "pending", plan: null, plan_reason: expect.stringContaining("fits no known failure mode"), gates: [], estimated_duration: null },
      message: "asked; it is with a person: no remedy is left; waits for a person",
    });
  });

  it("of what is being verified lasts until its own deadline, which is not the policy's longest wait", () => {
    const verifying = phase({ phase: "verifying", plan: PLAN, deadline: T0 + 61_000, last: { reason: "1 of 2 pods is ready" } });
    expect(told(verifying)).toMatchObject({ status: "in_progress", estimated_duration: "1m1s", message: expect.stringContaining("1 of 2 pods is ready") });
  });

  it.each([
    [phase({ phase: "acting", plan: PLAN, step: 0 }), "in_progress", "carried out"],
    [phase({ phase: "undoing", plan: PLAN, why: "it got worse" }), "in_progress", "taken back: it got worse"],
    [phase({ phase: "held", why: "a storm" }), "pending", "held: a storm"],
    [resolved("inc-17", T0), "pending", "it has ended: all pods are ready"],
  ])("%# stands as its incident does", (one, status, says) => {
    expect(told(one)).toMatchObject({ status, message: expect.stringContaining(says) });
  });
});
