import { expect, test } from "vitest";
import { decideInput } from "../../testing/decide-input.ts";
import { confidence } from "./confidence.ts";

test.each([
  ["measured and high", { type: "measured", share: 0.9, cases: 50 }, "pass"],
  ["enough to ask", { type: "measured", share: 0.5, cases: 50 }, "ask"],
  ["too little even to ask", { type: "measured", share: 0.49, cases: 500 }, "block"],
  ["unproven", { type: "unproven", cases: 0 }, "ask"],
  ["high over too few cases", { type: "measured", share: 1, cases: 49 }, "ask"],
] as const)("%s", (_, measured, answer) => {
  expect(confidence.check(decideInput({ confidence: measured })).answer).toBe(answer);
});

test("the thresholds are the policy's, and a share just below is not shown as having reached it", () => {
  const given = { confidence: { type: "measured", share: 0.94999, cases: 90 }, spec: { minConfidence: { act: 0.95 } } } as const;
  expect(confidence.check(decideInput(given))).toEqual({ answer: "ask", reason: "right in 94.9 % of 90 measured cases; to act, the policy wants 95 %" });
});
