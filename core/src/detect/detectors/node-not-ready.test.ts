import { expect, test } from "vitest";
import { cordonedNode, node } from "../../testing/more-objects.ts";
import { at, condition, ref, stamp } from "../../testing/objects.ts";
import { look } from "../../testing/scenes.ts";
import { nodeNotReadyDetector } from "./node-not-ready.ts";

const subject = ref("Node", "worker-1");
const lost = node("worker-1", {
  status: {
    conditions: [
      condition("Ready", "Unknown", { reason: "NodeStatusUnknown", message: "Kubelet stopped posting node status.", lastTransitionTime: stamp(100) }),
    ],
  },
});

test("a node whose kubelet went silent is reported after the window", () => {
  expect(look(nodeNotReadyDetector, { objects: [lost], subject, now: 110 })).toEqual({ recheckAt: at(140) });
  expect(look(nodeNotReadyDetector, { objects: [lost], subject, now: 140 }).finding).toMatchObject({ since: at(100), lostShare: 1 });
});

test("a node that never got its first condition counts from its creation", () => {
  const joining = node("worker-1", { status: { conditions: [] } });
  expect(look(nodeNotReadyDetector, { objects: [joining], subject, now: 10 })).toEqual({ recheckAt: at(40) });
});

test("a ready node is silent, cordoned or not", () => {
  expect(look(nodeNotReadyDetector, { objects: [node()], subject, now: 900 })).toEqual({});
  expect(look(nodeNotReadyDetector, { objects: [cordonedNode("worker-1", 0)], subject, now: 900 })).toEqual({});
});

test("a node that is being removed is silent", () => {
  const leaving = { ...lost, metadata: { ...lost.metadata, deletionTimestamp: stamp(120) } };
  expect(look(nodeNotReadyDetector, { objects: [leaving], subject, now: 900 })).toEqual({});
});
