import { expect, test } from "vitest";
import type { Silence } from "../../model/record.ts";
import { decideInput } from "../../testing/decide-input.ts";
import { at } from "../../testing/objects.ts";
import { silence } from "./silence.ts";

const silenced = (over: Partial<Silence>) =>
  silence.check(decideInput({ silences: [{ id: "s1", by: "ada", why: "load test", from: at(0), until: at(900), ...over }] }));

test("who muted it, until when and why are said", () => {
  expect(silenced({})).toEqual({ answer: "block", reason: "silence s1 by ada until 2026-03-01T12:15:00.000Z: load test", retryAt: at(900) });
});

test.each([
  ["its namespace", { namespace: "sh*" }, "block"],
  ["its kind and name", { kind: "Deployment", name: "cart" }, "block"],
  ["its failure mode", { mode: "bad-rollout" }, "block"],
  ["another namespace", { namespace: "pay" }, "pass"],
  ["another name of its kind", { kind: "Deployment", name: "pay" }, "pass"],
  ["another failure mode", { mode: "crash-loop", namespace: "shop" }, "pass"],
  ["a time that is over", { until: at(600) }, "pass"],
  ["a time to come", { from: at(601) }, "pass"],
] as const)("a silence of %s", (_, over, answer) => {
  expect(silenced(over).answer).toBe(answer);
});
