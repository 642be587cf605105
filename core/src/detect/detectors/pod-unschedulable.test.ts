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

test("what waits for an unbound claim points at the claim; what waits for room points at nothing", () => {
  const spec = { volumes: [{ name: "data", persistentVolumeClaim: { claimName: "cart-data" } }] };
  const message = "0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims.";
  const waits = settled({ pods: (set) => [unscheduledPod("cart-1-a", message, { ownedBy: set, spec })] });
  const { finding } = look(podUnschedulableDetector, { objects: waits, now: 121 });
  expect(finding?.cause).toEqual({ kind: "PersistentVolumeClaim", namespace: "shop", name: "cart-data" });
  expect(look(podUnschedulableDetector, { objects: cart({ spec }), now: 121 }).finding?.cause).toBeUndefined();
});
