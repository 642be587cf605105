import { expect, test } from "vitest";
import { decideInput } from "../../testing/decide-input.ts";
import { attempts } from "./attempts.ts";

test.each([
  [0, "pass"],
  [2, "pass"],
  [3, "block"],
  [4, "block"],
] as const)("after %i attempts of 3", (attemptsOnTarget, answer) => {
  expect(attempts.check(decideInput({ history: { acts: [], attemptsOnTarget } })).answer).toBe(answer);
});

test("time alone does not give new attempts", () => {
  expect(attempts.check(decideInput({ history: { acts: [], attemptsOnTarget: 3 } })).retryAt).toBeUndefined();
});
