import { expect, test } from "vitest";
import { event, job, statefulSet } from "../../testing/more-objects.ts";
import { at, condition, deployment, pod, ref, replicaSet, stamp } from "../../testing/objects.ts";
import { look } from "../../testing/scenes.ts";
import { replicasMissingDetector } from "./replicas-missing.ts";

const QUOTA = 'pods "cart-1-x" is forbidden: exceeded quota: compute, requested: requests.memory=1Gi, used: requests.memory=1Gi, limited: requests.memory=1Gi';
const refused = condition("ReplicaFailure", "True", { reason: "FailedCreate", message: QUOTA, lastTransitionTime: stamp(20) });
const cart = deployment("cart", { status: { replicas: 1, updatedReplicas: 1, availableReplicas: 1, conditions: [refused] } });

test("a pod that a quota refuses is reported, with the quota as its cause", () => {
  expect(look(replicasMissingDetector, { objects: [cart], now: 60 })).toEqual({ recheckAt: at(110) });
  const { finding } = look(replicasMissingDetector, { objects: [cart, replicaSet(cart, 1), pod("cart-1-a", { ownedBy: replicaSet(cart, 1) })], now: 120 });
  expect(finding).toMatchObject({ count: 1, lostShare: 0.5, cause: { kind: "ResourceQuota", namespace: "shop", name: "compute" } });
});

test("StatefulSets and Jobs say it by their last event alone", () => {
  const store = statefulSet("store", { status: { replicas: 0, readyReplicas: 0 } });
  const subject = ref("StatefulSet", "store");
  const no = event(
    store,
    "FailedCreate",
    "create Pod store-0 in StatefulSet store failed error: pods is forbidden: exceeded quota: compute, requested: pods=1, used: pods=3, limited: pods=3",
    30,
  );
  expect(look(replicasMissingDetector, { objects: [store, no], subject, now: 200 }).finding).toMatchObject({ count: 2, cause: { name: "compute" } });
  const yes = event(store, "SuccessfulCreate", "create Pod store-0 in StatefulSet store successful", 60);
  expect(look(replicasMissingDetector, { objects: [store, no, yes], subject, now: 200 })).toEqual({});
});

test("a quota that refused one pod for a moment and then let it in is past", () => {
  const full = deployment("cart", { status: { conditions: [refused] } });
  expect(look(replicasMissingDetector, { objects: [full], now: 200 })).toEqual({});
});

test("a refusal for another reason has no quota for a cause", () => {
  const denied = deployment("cart", {
    status: { ...cart.status, conditions: [{ ...refused, message: 'pods "cart-1-x" is forbidden: violates PodSecurity "restricted:latest"' }] },
  });
  expect(look(replicasMissingDetector, { objects: [denied], now: 200 }).finding?.cause).toBeUndefined();
});

test("a complete Job misses no pod", () => {
  const done = job("report");
  const old = event(done, "FailedCreate", "exceeded quota: compute", 5);
  expect(look(replicasMissingDetector, { objects: [done, old], subject: ref("Job", "report"), now: 200 })).toEqual({});
});
