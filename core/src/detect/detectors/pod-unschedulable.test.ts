import { expect, test } from "vitest";
import { at, condition, unscheduledPod } from "../../testing/objects.ts";
import { look, settled } from "../../testing/scenes.ts";
import { podUnschedulableDetector } from "./pod-unschedulable.ts";

const FULL = "0/3 nodes are available: 3 Insufficient cpu. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.";
const cart = (over: Parameters<typeof unscheduledPod>[2] = {}) => settled({ pods: (set) => [unscheduledPod("cart-1-a", FULL, { ownedBy: set, ...over })] });

test("a pod that no node takes is reported with the scheduler's words once an autoscaler had its time", () => {
  expect(look(podUnschedulableDetector, { objects: cart(), now: 60 })).toEqual({ recheckAt: at(121) });
  expect(look(podUnschedulableDetector, { objects: cart(), now: 121 }).finding?.summary).toContain("3 Insufficient cpu");
});

test("a pod that is held back by a gate waits for its owner", () => {
  const gated = cart({ conditions: [condition("PodScheduled", "False", { reason: "SchedulingGated" })] });
  expect(look(podUnschedulableDetector, { objects: gated, now: 900 })).toEqual({});
});

test("a scheduled pod that is still being created is silent", () => {
  const scheduled = cart({ conditions: [condition("PodScheduled", "True")] });
  expect(look(podUnschedulableDetector, { objects: scheduled, now: 900 })).toEqual({});
});
