import { expect, test } from "vitest";
import { CART, decideInput, evictPlan } from "../../testing/decide-input.ts";
import { ref } from "../../testing/objects.ts";
import type { Rival } from "../input.ts";
import { rival } from "./rival.ts";

/** Equal to the decision's own incident `inc-7`, but younger. */
const equal: Rival = {
  incident: "inc-8",
  claims: [CART],
  deterministic: true,
  severity: "high",
  confidence: { type: "measured", share: 0.97, cases: 400 },
  planHash: "other",
};

test.each([
  ["a learned diagnosis", { deterministic: false, severity: "critical" }, "pass"],
  ["a higher severity", { severity: "critical" }, "block"],
  ["a lower severity", { severity: "low", confidence: { type: "measured", share: 0.99, cases: 90 } }, "pass"],
  ["a higher confidence", { confidence: { type: "measured", share: 0.98, cases: 90 } }, "block"],
  ["no proven confidence", { confidence: { type: "unproven", cases: 3 } }, "pass"],
  ["all the same, but older", { incident: "inc-6" }, "block"],
  ["all the same, but younger", { incident: "inc-10" }, "pass"],
  ["another owner", { severity: "critical", claims: [ref("Deployment", "pay")] }, "pass"],
] as const)("another plan with %s", (_, over, answer) => {
  expect(rival.check(decideInput({ rivals: [{ ...equal, ...over }] })).answer).toBe(answer);
});

test("a plan for another owner that touches a pod of this one is a rival too", () => {
  const claims = [ref("Deployment", "pay"), ref("Pod", "cart-a")];
  expect(rival.check(decideInput({ plan: evictPlan(), rivals: [{ ...equal, severity: "critical", claims }] })).answer).toBe("block");
});

test("a deterministic diagnosis goes before a learned one", () => {
  const mode = { id: "bad-rollout", deterministic: false, maybeMeant: false, kinds: [] };
  expect(rival.check(decideInput({ mode, rivals: [{ ...equal, severity: "low" }] }))).toMatchObject({
    answer: "block",
    reason: "inc-8 has a plan for Deployment shop/cart too, and goes first: its diagnosis is deterministic",
  });
});

test("of two rivals exactly one is held", () => {
  const incident = { ...decideInput().incident, id: "inc-8" };
  const asOther = rival.check(decideInput({ incident, rivals: [{ ...equal, incident: "inc-7" }] }));
  const asOwn = rival.check(decideInput({ rivals: [equal] }));
  expect([asOwn.answer, asOther.answer].sort()).toEqual(["block", "pass"]);
});
