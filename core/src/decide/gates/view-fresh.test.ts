import { expect, test } from "vitest";
import { decideInput, evictPlan, scalePlan } from "../../testing/decide-input.ts";
import { viewFresh } from "./view-fresh.ts";

test.each(["stale", "unsynced", "forbidden"] as const)("a kind that is %s holds", (health) => {
  expect(viewFresh.check(decideInput({ health: { Deployment: health } }))).toEqual({
    answer: "unknown",
    reason: `not to be trusted now: Deployment (${health})`,
  });
});

test.each([
  ["a kind of the owner chain", { plan: evictPlan(), health: { ReplicaSet: "stale" } }],
  ["the namespace, which carries the off switch", { health: { Namespace: "forbidden" } }],
  ["autoscalers, where replicas are set", { plan: scalePlan(), health: { HorizontalPodAutoscaler: "stale" } }],
  [
    "a kind that the failure mode looks at",
    { health: { ResourceQuota: "stale" }, mode: { id: "m", deterministic: true, maybeMeant: false, kinds: ["ResourceQuota"] } },
  ],
] as const)("%s counts", (_, given) => {
  expect(viewFresh.check(decideInput(given)).answer).toBe("unknown");
});

test("a kind that nothing rests on does not count, nor does an API that provably is not there", () => {
  const mode = { id: "m", deterministic: true, maybeMeant: false, kinds: ["Application"] } as const;
  expect(viewFresh.check(decideInput({ mode, health: { Job: "stale", Application: "not-served" } })).answer).toBe("pass");
  expect(viewFresh.check(decideInput({ mode, health: { Application: "forbidden" } })).answer).toBe("unknown");
});
