import { expect, test } from "vitest";
import type { ClusterObject } from "../../model/kube.ts";
import { controllerRevision, event, statefulSet } from "../../testing/more-objects.ts";
import { at, condition, container, deployment, pod, ref, running, stamp, template, waiting } from "../../testing/objects.ts";
import { bornAt, look, rollout, settled } from "../../testing/scenes.ts";
import { rolloutStalledDetector } from "./rollout-stalled.ts";

const badImage = (set: Parameters<Parameters<typeof rollout>[0]["newPods"]>[0]) => [
  pod("cart-2-a", { ownedBy: set, metadata: bornAt(3_600), phase: "Pending", statuses: [waiting("ImagePullBackOff", "not found")] }),
];
const next = { containers: [container({ image: "registry.test/cart:2" })] };

test("pods of the new revision in trouble beside the old ones are a stalled rollout", () => {
  const { finding } = look(rolloutStalledDetector, { objects: rollout({ next, newPods: badImage }), now: 3_640 });
  expect(finding).toMatchObject({ count: 1, since: at(3_600), lostShare: 0, members: [{ name: "cart-2-a" }] });
});

test("a Deployment whose deadline has passed is stalled even when its pods give no reason", () => {
  const late = condition("Progressing", "False", { reason: "ProgressDeadlineExceeded", lastTransitionTime: stamp(700) });
  const objects = settled({ deployment: { status: { updatedReplicas: 2, availableReplicas: 0, conditions: [late] } } });
  expect(look(rolloutStalledDetector, { objects, now: 800 }).finding).toMatchObject({ since: at(700) });
});

test("a StatefulSet whose updated pod fails is stalled", () => {
  const store = statefulSet("store", { status: { updatedReplicas: 0, readyReplicas: 1, currentRevision: "store-1", updateRevision: "store-2" } });
  const revisions = [
    controllerRevision(store, 1, template({ labels: { app: "store" }, containers: [container({ image: "x:1" })] })),
    controllerRevision(store, 2, store.spec.template, 3_600),
  ];
  const old = pod("store-0", { ownedBy: store, metadata: { labels: { "controller-revision-hash": "store-1" } } });
  const fresh = pod("store-1", {
    ownedBy: store,
    metadata: { ...bornAt(3_600), labels: { "controller-revision-hash": "store-2" } },
    phase: "Pending",
    statuses: [waiting("ImagePullBackOff")],
  });
  const scene = { objects: [store, ...revisions, old, fresh], subject: ref("StatefulSet", "store"), now: 3_640 };
  expect(look(rolloutStalledDetector, scene).finding).toMatchObject({ count: 1, members: [{ name: "store-1" }] });
});

test("a slow rollout whose pods are still starting is silent, and looked at again when they are due", () => {
  const starting = running({ ready: false }, 3_605);
  const objects = rollout({ next, newPods: (set) => [pod("cart-2-a", { ownedBy: set, metadata: bornAt(3_600), statuses: [starting], readySince: 3_605 })] });
  expect(look(rolloutStalledDetector, { objects, now: 3_640 })).toEqual({ recheckAt: at(4_205) });
});

test("a probe that is answered with 404 is no slow start: its path or port is wrong", () => {
  const starting = running({ ready: false }, 3_605);
  const sick = (set: ClusterObject) => pod("cart-2-a", { ownedBy: set, metadata: bornAt(3_600), statuses: [starting], readySince: 3_605 });
  const made = rollout({ next, newPods: (set) => [sick(set)] });
  const said = made
    .filter((object) => object.metadata.name === "cart-2-a")
    .map((one) => event(one, "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 404", 3_650));
  const objects = [...made, ...said];
  expect(look(rolloutStalledDetector, { objects, now: 3_700 }).finding).toMatchObject({ members: [{ name: "cart-2-a" }] });
});

test("trouble in a revision that has long been rolled out is no rollout", () => {
  const objects = settled({ pods: (set) => [pod("cart-1-a", { ownedBy: set, statuses: [waiting("ImagePullBackOff")] })] });
  expect(look(rolloutStalledDetector, { objects, now: 9_000 })).toEqual({});
});

test("a rollout that a person paused does not stall", () => {
  expect(look(rolloutStalledDetector, { objects: rollout({ next, newPods: badImage, deployment: { spec: { paused: true } } }), now: 3_640 })).toEqual({});
});

test("a deadline that passed before the last replica became available after all is past", () => {
  const late = condition("Progressing", "False", { reason: "ProgressDeadlineExceeded", lastTransitionTime: stamp(700) });
  expect(look(rolloutStalledDetector, { objects: [deployment("cart", { status: { conditions: [late] } })], now: 800 })).toEqual({});
});
