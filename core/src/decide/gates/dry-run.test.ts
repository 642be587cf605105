import { expect, test } from "vitest";
import type { Preflight } from "../../model/incident.ts";
import { decideInput, type Given } from "../../testing/decide-input.ts";
import { dryRun } from "./dry-run.ts";

const check = (answer: Preflight["dryRun"]["answer"], given: Given = {}) => {
  const { preflight } = decideInput();
  if (preflight === undefined) throw new Error("no preflight");
  return dryRun.check(decideInput({ ...given, preflight: { ...preflight, dryRun: { answer, reason: "quota exceeded" } } }));
};

test.each([
  ["accepted", "pass"],
  ["refused", "block"],
  ["unknown", "unknown"],
  ["not-asked", "unknown"],
] as const)("%s", (answer, expected) => {
  expect(check(answer).answer).toBe(expected);
});

test("the API server's reason is told", () => {
  expect(check("refused").reason).toBe("the API server would refuse it: quota exceeded");
});

test("while acting is off none is asked for", () => {
  expect(check("not-asked", { authority: { type: "read-only" } }).answer).toBe("not-applicable");
});

test("a dry run of another plan does not count", () => {
  const { preflight } = decideInput();
  if (preflight === undefined) throw new Error("no preflight");
  expect(dryRun.check(decideInput({ preflight: { ...preflight, planHash: "other" } })).answer).toBe("unknown");
});
