import { expect, test } from "vitest";
import type { ClusterObject } from "../../model/kube.ts";
import { cordonedNode, node } from "../../testing/more-objects.ts";
import { at, condition, meta, pod, ref, stamp } from "../../testing/objects.ts";
import { look } from "../../testing/scenes.ts";
import { nodeCordonedDetector } from "./node-cordoned.ts";

const subject = ref("Node", "worker-1");
const seen = (objects: readonly ClusterObject[], now = 9_000) => look(nodeCordonedDetector, { objects, subject, now });

test("a cordon that nobody explains is reported after its window, since the taint's own time", () => {
  expect(seen([cordonedNode("worker-1", 100)], 1_000)).toEqual({ recheckAt: at(3_700) });
  expect(seen([cordonedNode("worker-1", 100)], 3_700).finding).toMatchObject({ since: at(100), lostShare: 0 });
});

test("without the taint's time the time of whoever set the field counts; with neither nothing is claimed", () => {
  const taints = [{ key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" }];
  const managers = [{ manager: "kubectl-cordon", operation: "Update", time: stamp(200), subresource: "", paths: ["/spec/unschedulable"] }];
  expect(seen([node("worker-1", { metadata: { managers }, spec: { unschedulable: true, taints } })]).finding?.since).toBe(at(200));
  expect(seen([node("worker-1", { spec: { unschedulable: true, taints } })])).toEqual({});
});

test("a drain that is under way explains it", () => {
  expect(seen([cordonedNode("worker-1", 100), pod("cart-a", { metadata: { deletionTimestamp: stamp(8_990) } })])).toEqual({});
});

test("a taint or annotation of an autoscaler or a maintenance tool explains it", () => {
  const taints = [
    { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule", timeAdded: stamp(100) },
    { key: "ToBeDeletedByClusterAutoscaler", effect: "NoSchedule" },
  ];
  expect(seen([cordonedNode("worker-1", 100, { spec: { taints } })])).toEqual({});
  expect(seen([cordonedNode("worker-1", 100, { metadata: { annotations: { "example.test/maintenance": "disk swap, ticket 12" } } })])).toEqual({});
});

test("an upgrade of the cluster or of its pool explains it; OpenShift's standing annotations do not", () => {
  const pool: ClusterObject = {
    kind: "MachineConfigPool",
    metadata: meta("MachineConfigPool", "worker"),
    status: { conditions: [condition("Updating", "True")] },
  };
  const version: ClusterObject = {
    kind: "ClusterVersion",
    metadata: meta("ClusterVersion", "version"),
    status: { conditions: [condition("Progressing", "True")] },
  };
  expect(seen([cordonedNode("worker-1", 100), pool])).toEqual({});
  expect(seen([cordonedNode("worker-1", 100), version])).toEqual({});
  const done = { "machineconfiguration.openshift.io/state": "Done", "machineconfiguration.openshift.io/lastAppliedDrain": "uncordon-rendered" };
  expect(seen([cordonedNode("worker-1", 100, { metadata: { annotations: done } })]).finding).toBeDefined();
});

test("a node that takes pods, and one that is not ready, are silent", () => {
  expect(seen([node("worker-1")])).toEqual({});
  expect(seen([cordonedNode("worker-1", 100, { status: { conditions: [condition("Ready", "False")] } })])).toEqual({});
});
