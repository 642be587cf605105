import type { Incident } from "@kintsugi/core";
import { expect, it } from "vitest";
import { awaiting, incident, PLAN, resolved, T0 } from "../adapters/testing/records.ts";
import { confidenceText, explainIncident, valueText } from "./explain-incident.ts";

function text(of: Incident): string {
  return explainIncident(of)
    .flatMap(({ title, lines }) => [`# ${title}`, ...lines])
    .join("\n");
}

it("says nothing under a heading that it has nothing for", () => {
  expect(explainIncident(incident("inc-1")).map(({ title }) => title)).toEqual(["What broke", "How it stands"]);
});

it("shows evidence for and against, with how often that was right", () => {
  const evidence = [
    { id: "new-revision", favours: true, text: "revision 4 came 2 min before", refs: [] },
    { id: "node-trouble", favours: false, text: "its node is ready", refs: [] },
  ];
  const candidates = [{ mode: "bad-rollout", evidence, pattern: "", confidence: { type: "measured", share: 0.974, cases: 300 } as const }];
  const shown = text({ ...awaiting("inc-1"), diagnosis: { candidates, changes: [], at: T0 } });
  expect(shown).toContain("1. bad-rollout: right in 97 % of 300 cases with this evidence");
  expect(shown).toContain("for: revision 4 came 2 min before");
  expect(shown).toContain("against: its node is ready");
});

it("says what follows from it elsewhere", () => {
  const why = "Deployment shop/orders: orders calls payments (env PAYMENTS_ADDR), which has no ready pod since 12:01 UTC";
  expect(explainIncident(incident("inc-1"), [why])).toContainEqual({ title: "What follows from it", lines: [why] });
});

it("shows what would be changed, every gate's answer, and how to decide", () => {
  const shown = text(awaiting("inc-1"));
  expect(shown).toContain("/spec/template/spec/containers/0/image: shop/cart:broken -> shop/cart:1.2");
  expect(shown).toContain("ask: mode: policy says suggest");
  expect(shown).toContain("it cannot be taken back: for this test");
  expect(shown).toContain("kintsugi approve inc-1");
});

it("says who stands behind a plan already, and that policy wants another one", () => {
  const waits = awaiting("inc-1") as Extract<Incident, { phase: "awaiting" }>;
  const asked = { type: "assistant", name: "ada", proven: true, how: "asked", at: T0, expiresAt: T0 + 1, planHash: PLAN.hash } as const;
  expect(text({ ...waits, requestedBy: asked })).toContain("asked for by ada, through an assistant");
  expect(text({ ...waits, requestedBy: { ...asked, planHash: "of another plan" } })).not.toContain("asked for by");
  const { expiresAt: _, planHash: __, ...ada } = asked;
  const bob = { type: "person", name: "bob", proven: true, how: "approved", at: T0 } as const;
  const approval = { planHash: PLAN.hash, by: "bob", at: T0, expiresAt: T0 + 1, backers: [{ ...ada, proven: false }, bob] };
  const shown = text({ ...waits, proposal: { ...waits.proposal, approval } });
  expect(shown).toContain("asked for by ada, through an assistant (so they say)\napproved by bob\npolicy wants two people");
});

it("shows the patch that an owner could commit, and why it does less than the gates would allow", () => {
  const held = awaiting("inc-1") as Extract<Incident, { phase: "awaiting" }>;
  const gates = [{ gate: "ownership", answer: "block" as const, reason: "kept by Argo CD", offer: "# for the repository\nspec: {}\n" }];
  const decision = { ...held.proposal.decision, gates, capped: "acting is off" };
  const shown = text({ ...held, proposal: { ...held.proposal, decision } });
  expect(shown).toContain("# For its owner to commit\n# for the repository\nspec: {}\n");
  expect(shown).toContain("acting is off");
});

it("tells what was done and whether it helped", () => {
  const attempt = { id: "inc-1/1", plan: PLAN, startedAt: T0, outcome: "helped", detail: "2 of 2 pods ready for 60 s", endedAt: T0 } as const;
  const shown = text({ ...resolved("inc-1", T0), attempts: [attempt] });
  expect(shown).toContain("inc-1/1: Roll shop/cart back to revision 3: helped (2 of 2 pods ready for 60 s)");
  expect(shown).toContain("resolved (healed) at 2026-01-05T10:00:00.000Z: all pods are ready");
});

it("calls a pattern that was seen too rarely unproven, with its count", () => {
  expect(confidenceText({ confidence: { type: "unproven", cases: 12 } })).toBe("unproven (12 cases with this evidence; may ask, may not act)");
});

it("keeps values short enough to compare", () => {
  expect(valueText(undefined)).toBe("(none)");
  expect(valueText({ a: 1 })).toBe('{"a":1}');
  expect(valueText("x".repeat(500))).toHaveLength(200);
});
