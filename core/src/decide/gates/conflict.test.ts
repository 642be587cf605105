import { expect, test } from "vitest";
import { CART, decideInput, evictPlan } from "../../testing/decide-input.ts";
import { ref } from "../../testing/objects.ts";
import { conflict } from "./conflict.ts";

const other = ref("Deployment", "pay");

test.each([
  ["the same target", { owner: other, target: ref("Pod", "cart-a") }, "block"],
  ["the same owner", { owner: CART, target: ref("Pod", "cart-z") }, "block"],
  ["something else", { owner: other, target: other }, "pass"],
] as const)("an act of another incident on %s", (_, act, answer) => {
  expect(conflict.check(decideInput({ plan: evictPlan(), inFlight: [{ incident: "inc-1", ...act }] })).answer).toBe(answer);
});

test("its own act is no conflict", () => {
  expect(conflict.check(decideInput({ inFlight: [{ incident: "inc-7", owner: CART, target: CART }] })).answer).toBe("pass");
});
