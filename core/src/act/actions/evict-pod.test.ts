import { expect, test } from "vitest";
import { daemonSet, failedJob } from "../../testing/more-objects.ts";
import { deployment, pod, ref, replicaSet, stamp, waiting } from "../../testing/objects.ts";
import { draftOf, reasonOf } from "../../testing/plans.ts";
import { evictPod } from "./evict-pod.ts";

const cart = deployment("cart");
const set = replicaSet(cart, 1);
const stuck = pod("cart-a", { ownedBy: set, statuses: [waiting("ContainerCreating")] });
const target = ref("Pod", "cart-a");

test("a stuck pod is evicted, with the uid of this very incarnation", () => {
  const draft = draftOf(evictPod, target, [cart, set, stuck]);
  expect(draft.steps).toEqual([{ verb: "evict", target: { ...target, uid: stuck.metadata.uid } }]);
  expect(draft.permissions.map(({ resource, subresource, verb, name }) => [verb, resource, subresource, name])).toEqual([
    ["get", "pods", "", "cart-a"],
    ["create", "pods", "eviction", "cart-a"],
  ]);
  expect(draft.inverse.type).toBe("none");
});

test("a ready pod goes only while another one is ready", () => {
  const ready = pod("cart-a", { ownedBy: set });
  expect(reasonOf(evictPod, target, [cart, set, ready])).toContain("the last ready pod of its owner");
  const sibling = pod("cart-b", { ownedBy: replicaSet(cart, 2) });
  expect(draftOf(evictPod, target, [cart, set, replicaSet(cart, 2), ready, sibling]).steps).toHaveLength(1);
});

test.each([
  ["a bare pod", [pod("cart-a")], "it has no controller"],
  ["a static pod", [pod("cart-a", { metadata: { annotations: { "kubernetes.io/config.mirror": "x" } } })], "a static pod"],
  ["a pod whose controller is gone", [stuck], "its controller is gone"],
  ["a pod that its ReplicaSet no longer wants", [cart, replicaSet(cart, 1, { replicas: 0 }), stuck], "wants no pods"],
  [
    "a pod of a Job that gave up",
    [failedJob("report", "BackoffLimitExceeded"), pod("cart-a", { ownedBy: failedJob("report", "BackoffLimitExceeded") })],
    "Job report is over",
  ],
  ["a pod on its way out", [cart, set, { ...stuck, metadata: { ...stuck.metadata, deletionTimestamp: stamp(5) } }], "on its way out"],
  ["a pod that is gone", [cart, set], "is gone"],
] as const)("%s is not evicted", (_, objects, reason) => {
  expect(reasonOf(evictPod, target, objects)).toContain(reason);
});

test("a DaemonSet makes its pod again", () => {
  const agent = daemonSet("agent");
  expect(draftOf(evictPod, target, [agent, pod("cart-a", { ownedBy: agent, statuses: [waiting("ContainerCreating")] })]).summary).toContain("DaemonSet agent");
});
