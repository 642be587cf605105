import { expect, test } from "vitest";
import { CART, decideInput, evictPlan, imagePlan } from "../../testing/decide-input.ts";
import { ref } from "../../testing/objects.ts";
import { claimsOf } from "../chain.ts";
import { conflict } from "./conflict.ts";

const other = ref("Deployment", "pay");
const claimed = (plan: Parameters<typeof claimsOf>[0]) => claimsOf(plan, decideInput().view);

test.each([
  ["the same target", { target: ref("Pod", "cart-a"), claims: [other, ref("Pod", "cart-a")] }, "block"],
  ["the same owner", { target: ref("Pod", "cart-z"), claims: [CART] }, "block"],
  ["something else", { target: other, claims: [other] }, "pass"],
] as const)("an act of another incident on %s", (_, act, answer) => {
  expect(conflict.check(decideInput({ plan: evictPlan(), inFlight: [{ incident: "inc-1", ...act }] })).answer).toBe(answer);
});

test("the owners of what is touched count on both sides, whoever the plans are for", () => {
  const forPay = { ...evictPlan(), owner: other };
  const onCart = { incident: "inc-1", target: CART, claims: claimed(imagePlan()) };
  expect(conflict.check(decideInput({ plan: forPay, inFlight: [onCart] }))).toMatchObject({
    answer: "block",
    reason: "inc-1 is at work on Deployment shop/cart",
  });
  const onPod = { incident: "inc-1", target: ref("Pod", "cart-a"), claims: claimed(forPay) };
  expect(conflict.check(decideInput({ inFlight: [onPod] })).answer).toBe("block");
});

test("its own act is no conflict", () => {
  expect(conflict.check(decideInput({ inFlight: [{ incident: "inc-7", target: CART, claims: [CART] }] })).answer).toBe("pass");
});
