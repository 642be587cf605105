import { expect, test } from "vitest";
import type { Approval } from "../../model/incident.ts";
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

test("two people where policy wants two, both of them proven", () => {
  const spec = { mode: "suggest", fourEyes: true } as const;
  const one = { type: "person", name: "bob", proven: true, how: "asked", at: at(580) } as const;
  const two = { type: "person", name: "ada", proven: true, how: "approved", at: at(590) } as const;
  const answer = (...backers: NonNullable<Approval["backers"]>) => approval.check(decideInput({ spec, approval: approved(imagePlan(), { backers }) })).answer;
  expect(answer(one, two)).toBe("pass");
  expect(answer(two)).toBe("ask");
  expect(answer({ ...one, proven: false }, two)).toBe("ask");
  expect(answer({ ...one, name: "ada" }, two)).toBe("ask");
  expect(answer(one)).toBe("ask");
  expect(approval.check(decideInput({ spec, approval: approved(imagePlan()) }))).toMatchObject({
    answer: "ask",
    reason: expect.stringContaining("nobody whose identity is proven"),
  });
});
