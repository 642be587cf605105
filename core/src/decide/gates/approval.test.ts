import { expect, test } from "vitest";
import { approved, decideInput, imagePlan } from "../../testing/decide-input.ts";
import { at } from "../../testing/objects.ts";
import { approval } from "./approval.ts";

const suggest = { spec: { mode: "suggest" } } as const;

test("nobody has approved it yet", () => {
  expect(approval.check(decideInput(suggest)).answer).toBe("ask");
});

test("a person has approved this very plan", () => {
  expect(approval.check(decideInput({ ...suggest, approval: approved(imagePlan()) }))).toMatchObject({
    answer: "pass",
    reason: expect.stringContaining("approved by ada"),
  });
});

test("what was approved is another plan, or was approved too long ago", () => {
  const other = approved(imagePlan({ risk: "low" }));
  expect(approval.check(decideInput({ ...suggest, approval: other }))).toEqual({ answer: "ask", reason: "what ada approved is another plan" });
  const old = approved(imagePlan(), { expiresAt: at(600) });
  expect(approval.check(decideInput({ ...suggest, approval: old }))).toEqual({ answer: "ask", reason: "the approval of ada has expired" });
});

test("a policy that says act needs none", () => {
  expect(approval.check(decideInput()).answer).toBe("not-applicable");
});
