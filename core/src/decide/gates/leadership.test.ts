import { expect, test } from "vitest";
import { decideInput } from "../../testing/decide-input.ts";
import { at } from "../../testing/objects.ts";
import { leadership } from "./leadership.ts";

test("no Lease, no act", () => {
  const answer = leadership.check(decideInput({ authority: { type: "waiting", reason: "kintsugi-1 holds it" } }));
  expect(answer).toEqual({ answer: "block", reason: "the Lease is not ours: kintsugi-1 holds it" });
});

test("with another ledger than the last leader's it only watches until that one's budgets have run out", () => {
  const authority = { type: "leading", epoch: 2, actFrom: at(700) } as const;
  expect(leadership.check(decideInput({ authority }))).toMatchObject({ answer: "block", retryAt: at(700) });
  expect(leadership.check(decideInput({ authority, now: at(700) })).answer).toBe("pass");
});

test("where nothing is ever applied no Lease is needed", () => {
  expect(leadership.check(decideInput({ authority: { type: "read-only" } })).answer).toBe("not-applicable");
});
