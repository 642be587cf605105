import type { Attempt, Incident, Record } from "@kintsugi/core";
import { describe, expect, it } from "vitest";
import { act, awaiting, draft, incident, PLAN, resolved, T0 } from "../adapters/testing/records.ts";
import { attemptOf, parseWorkflowId, pastOf, workflowOf } from "./workflow.ts";

const MINUTE = 60_000;
const TWO_STEPS = {
  ...PLAN,
  steps: [PLAN.steps[0]!, { verb: "evict", target: { kind: "Pod", namespace: "shop", name: "cart-a", uid: "u-2" } }],
} as typeof PLAN;

function attempt(number: number, outcome: Attempt["outcome"], given: Partial<Attempt> = {}): Attempt {
  const ended = outcome === "running" ? {} : { endedAt: T0 + 5 * MINUTE };
  return {
    id: `inc-17/${number}`,
    plan: PLAN,
    startedAt: T0,
    outcome,
    detail: outcome === "helped" ? "all pods are ready" : "it got worse",
    ...ended,
    ...given,
  };
}
const phase = (given: object): Incident => ({ ...incident("inc-17"), ...given }) as Incident;
const NOTHING = { sent: new Map<number, number>() };
const told = (incident: Incident, number?: number, past: Parameters<typeof workflowOf>[0]["past"] = NOTHING) =>
  workflowOf({ incident, attempt: number, past, method: "manual" });
const steps = (workflow: ReturnType<typeof workflowOf>) => workflow?.steps.map(({ status }) => status);

describe("a pursuit", () => {
  it.each([
    [{ phase: "open" }, "pending", null],
    [{ phase: "held", why: "a storm" }, "pending", null],
    [{ phase: "acting", plan: PLAN, step: 0, attempts: [attempt(1, "running")] }, "in_progress", null],
    [{ phase: "undoing", plan: PLAN, attempts: [attempt(1, "did-not-help")] }, "in_progress", null],
    [
      { phase: "escalated", why: "no remedy is left", waitsFor: "a person", attempts: [attempt(1, "undone")] },
      "failed",
      "no remedy is left; waits for a person",
    ],
    [{ phase: "resolved", how: "healed", resolvedAt: T0, detail: "d" }, "completed", null],
    [{ phase: "resolved", how: "unaided", resolvedAt: T0, detail: "d" }, "completed", null],
    [{ phase: "resolved", how: "undone", resolvedAt: T0, detail: "ada asked", attempts: [attempt(1, "undone")] }, "failed", "ada asked"],
  ])("%j is %s", (given, status, error) => {
    expect(told(phase(given))).toMatchObject({ id: "wf-17", incident_id: "inc-17", status, error_message: error });
  });

  it("that waits for a person shows what would be done, with nothing begun", () => {
    const workflow = told(awaiting("inc-17"));
    expect(workflow).toMatchObject({ status: "pending", remediator: "roll-back", issue_type: "bad-rollout", started_at: null, duration: null });
    expect(steps(workflow)).toEqual(["pending", "pending"]);
  });

  it("12.1 line 17: a second one is not told by the steps of the first", () => {
    const again = { ...awaiting("inc-17"), attempts: [attempt(1, "did-not-help")] };
    expect(told(again, undefined)).toMatchObject({ status: "pending", started_at: null });
    expect(told(again, 1)).toMatchObject({ id: "wf-17-1", status: "failed", error_message: "did-not-help: it got worse", duration: "5m" });
  });

  it("that was never planned has no steps", () => {
    expect(told(phase({ phase: "open" }))?.steps).toEqual([]);
  });
});

describe("steps", () => {
  it("12.1 line 3: one is completed only when it was sent; what was not is pending", () => {
    const acting = phase({ phase: "acting", plan: TWO_STEPS, step: 1, attempts: [attempt(1, "running", { plan: TWO_STEPS })] });
    const past = {
      sent: new Map([
        [0, T0],
        [1, T0 + MINUTE],
      ]),
    };
    const workflow = told(acting, undefined, past);
    expect(steps(workflow)).toEqual(["completed", "in_progress", "pending"]);
    expect(workflow?.steps[0]).toMatchObject({ started_at: new Date(T0).toISOString(), completed_at: new Date(T0 + MINUTE).toISOString() });
    expect(workflow?.steps[1]).toMatchObject({ description: "evict Pod shop/cart-a", completed_at: null });
    expect(steps(told(acting))).toEqual(["pending", "pending", "pending"]);
  });

  it("one that was refused is failed, with what was said, and nothing after it happened", () => {
    const refused = phase({ phase: "escalated", why: "w", waitsFor: "p", attempts: [attempt(1, "failed", { plan: TWO_STEPS, detail: "forbidden" })] });
    const workflow = told(refused, 1, { sent: new Map([[0, T0]]), answeredAt: T0 + 1_000 });
    expect(steps(workflow)).toEqual(["failed", "pending", "pending"]);
    expect(workflow?.steps[0]?.error_message).toBe("forbidden");
  });

  it("an attempt that did not help fails at its verification, not at its steps", () => {
    const ended = { ...resolved("inc-17", T0 + 9 * MINUTE), attempts: [attempt(1, "did-not-help")] };
    expect(steps(told(ended, 1, { sent: new Map([[0, T0]]), answeredAt: T0 + 1_000 }))).toEqual(["completed", "failed"]);
  });
});

it("the past is read from the records of that attempt alone, without what was taken back", async () => {
  const record = (body: Parameters<typeof draft>[0], at: number) => ({ ...draft(body), at }) as Record;
  const sent = act("inc-17");
  const undo = { ...sent, undo: true } as typeof sent;
  const other = { ...sent, attempt: "inc-17/2" } as typeof sent;
  const looking = record({ type: "incident", incident: phase({ phase: "acting" }), from: "acting", reason: "no answer" }, T0 + 2);
  const done = record({ type: "incident", incident: phase({ phase: "verifying" }), from: "acting", reason: "done" }, T0 + 3);
  const past = pastOf(attempt(1, "helped"), [record(sent, T0 + 1), record(undo, T0 + 8), record(other, T0 + 9)], [looking, done]);
  expect([[...past.sent], past.answeredAt]).toEqual([[[0, T0 + 1]], T0 + 3]);
});

it("an id names an incident and maybe an attempt, that is kept", () => {
  expect(["wf-17", "wf-17-2", "wf-", "wf-1-2-3", "cwf-1", "wf-x"].map(parseWorkflowId)).toEqual([
    { incident: "inc-17" },
    { incident: "inc-17", attempt: 2 },
    ...[undefined, undefined, undefined, undefined],
  ]);
  expect(attemptOf(phase({ attempts: [attempt(3, "helped")] }), 2)).toBeUndefined();
  expect(told(phase({ attempts: [attempt(3, "helped")] }), 2)).toBeUndefined();
});
