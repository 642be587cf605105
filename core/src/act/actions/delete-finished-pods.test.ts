import { expect, test } from "vitest";
import { failedJob, job } from "../../testing/more-objects.ts";
import { deployment, pod, ref, replicaSet, stamp } from "../../testing/objects.ts";
import { draftOf, reasonOf } from "../../testing/plans.ts";
import { deleteFinishedPods, MAX_DELETED } from "./delete-finished-pods.ts";

const cart = deployment("cart");
const set = replicaSet(cart, 1);
const target = ref("Deployment", "cart");
const evicted = (name: string) => pod(name, { ownedBy: set, phase: "Failed", reason: "Evicted", statuses: [] });

test("evicted pods are deleted by uid", () => {
  const draft = draftOf(deleteFinishedPods, target, [cart, set, evicted("a"), evicted("b")], { params: { pods: ["a", "b"] } });
  expect(draft.steps).toEqual([
    { verb: "delete", target: { ...ref("Pod", "a"), uid: evicted("a").metadata.uid } },
    { verb: "delete", target: { ...ref("Pod", "b"), uid: evicted("b").metadata.uid } },
  ]);
  // Several names of one kind are asked about once, as any name.
  expect(draft.permissions.map(({ verb, name }) => [verb, name])).toEqual([
    ["get", ""],
    ["delete", ""],
  ]);
});

test("one plan deletes no more than a person would read", () => {
  const pods = Array.from({ length: MAX_DELETED + 9 }, (_, i) => evicted(`p${i}`));
  const draft = draftOf(deleteFinishedPods, target, [cart, set, ...pods], { params: { pods: pods.map((one) => one.metadata.name) } });
  expect(draft.steps).toHaveLength(MAX_DELETED);
});

test("only those that qualify are deleted", () => {
  const draft = draftOf(deleteFinishedPods, target, [cart, set, evicted("a"), pod("b", { ownedBy: set })], { params: { pods: ["a", "b", "c"] } });
  expect(draft.diff).toEqual([{ path: "Pod shop/a", before: "Evicted", after: null }]);
});

const over = failedJob("report", "BackoffLimitExceeded");
const underWay = job("report", { status: { conditions: [] } });

test.each([
  ["a running pod", [cart, set, pod("a", { ownedBy: set })], "has not finished"],
  ["a bare pod", [pod("a", { phase: "Failed", reason: "Evicted" })], "it is somebody's own"],
  ["a pod being deleted", [cart, set, { ...evicted("a"), metadata: { ...evicted("a").metadata, deletionTimestamp: stamp(3) } }], "being deleted already"],
  [
    "a pod that its Job has not counted",
    [
      over,
      {
        ...pod("a", { ownedBy: over, phase: "Failed" }),
        metadata: { ...pod("a", { ownedBy: over }).metadata, finalizers: ["batch.kubernetes.io/job-tracking"] },
      },
    ],
    "still waited for",
  ],
  ["a pod of a Job that is not over", [underWay, pod("a", { ownedBy: underWay, phase: "Failed" })], "its Job is not over"],
  ["a pod whose controller is gone and that was not evicted", [pod("a", { ownedBy: set, phase: "Failed" })], "its controller is not there"],
  ["a pod that is gone", [cart], "is gone"],
] as const)("%s stays", (_, objects, reason) => {
  expect(reasonOf(deleteFinishedPods, target, objects, { params: { pods: ["a"] } })).toContain(reason);
});

test("finished pods of a Job that is over may go", () => {
  expect(draftOf(deleteFinishedPods, target, [over, pod("a", { ownedBy: over, phase: "Failed" })], { params: { pods: ["a"] } }).steps).toHaveLength(1);
});

test("parameters that do not fit are named", () => {
  expect(reasonOf(deleteFinishedPods, target, [], { params: { pods: "a" } })).toContain("the parameters do not fit: pods:");
});
