import { expect, test } from "vitest";
import { CART, decideInput } from "../../testing/decide-input.ts";
import { at, ref } from "../../testing/objects.ts";
import { ownerBudget } from "./owner-budget.ts";

const acts = (owner: ReturnType<typeof ref>, ...seconds: number[]) => seconds.map((second) => ({ at: at(second), owner, target: owner }));
const check = (given: ReturnType<typeof acts>, now = 600) => ownerBudget.check(decideInput({ now: at(now), history: { acts: given, attemptsOnTarget: 0 } }));

test("three acts an hour for one owner, and the next when the first is an hour old", () => {
  expect(check(acts(CART, 100, 200)).answer).toBe("pass");
  expect(check(acts(CART, 100, 200, 300))).toEqual({ answer: "block", reason: "3 of 3 acts an hour for Deployment shop/cart", retryAt: at(3700) });
  expect(check(acts(CART, 100, 200, 300), 3700).answer).toBe("pass");
});

test("where more were done than are allowed now, as many must have grown old", () => {
  expect(check(acts(CART, 100, 200, 300, 400, 500)).retryAt).toBe(at(3900));
});

test("another owner's acts do not count", () => {
  expect(check(acts(ref("Deployment", "pay"), 100, 200, 300)).answer).toBe("pass");
});

test("a limit of nothing is never lifted by time", () => {
  const none = ownerBudget.check(decideInput({ spec: { limits: { actsPerOwnerPerHour: 0 } } }));
  expect(none).toEqual({ answer: "block", reason: "the policy allows no acts for Deployment shop/cart" });
});
