import { expect, test } from "vitest";
import { decideInput } from "../../testing/decide-input.ts";
import { storm } from "./storm.ts";

test("frozen until it has been calm", () => {
  const answer = storm.check(decideInput({ storm: { frozen: true, until: 5, reason: "12 owners within 5 minutes" } }));
  expect(answer).toEqual({ answer: "block", reason: "frozen: 12 owners within 5 minutes", retryAt: 5 });
});

test("no storm, no frost", () => {
  expect(storm.check(decideInput()).answer).toBe("pass");
});
