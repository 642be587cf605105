import { conditionOf, type Deployment, refOf } from "@kintsugi/core";
import { beforeEach, describe, expect, test } from "vitest";
import { createCluster, type SimCluster } from "../cluster.ts";
import { ADMIN, addNamespace, addNode, deployment } from "../scenario/objects.ts";
import { Person } from "../scenario/people.ts";
import { behaviour } from "../world/images.ts";
import { isReady } from "./pods.ts";

const CART = { kind: "Deployment", namespace: "shop", name: "cart" } as const;
const REVISION = "deployment.kubernetes.io/revision";
let cluster: SimCluster;
let dana: Person;

beforeEach(() => {
  cluster = createCluster({ seed: "deployment" });
  for (const n of [1, 2, 3, 4]) addNode(cluster.world, { name: `node-${n}` });
  addNamespace(cluster.world, "shop");
  for (const tag of ["v1", "v2", "v3"]) cluster.world.images.publish(`shop/cart:${tag}`, behaviour());
  dana = new Person(cluster.world, "dana");
});

function wait(seconds: number): void {
  cluster.timeline.advanceTo(cluster.timeline.now() + seconds * 1000);
}

function cart(): Deployment {
  const found = cluster.world.store.get("Deployment", "shop", "cart");
  if (found === undefined) throw new Error("no cart");
  return found;
}

function start(replicas: number, strategy = "RollingUpdate"): void {
  cluster.world.api.create(ADMIN, deployment({ name: "cart", namespace: "shop", image: "shop/cart:v1", replicas, strategy, progressDeadlineSeconds: 120 }));
  wait(60);
}

function sizes(): number[] {
  return cluster.world.store.list("ReplicaSet").map((set) => set.spec.replicas);
}

/** The fewest ready pods, and the most that the ReplicaSets ask for together, while `during` runs. */
function extremes(during: () => void): { fewestReady: number; mostPods: number } {
  let [fewestReady, mostPods] = [Number.POSITIVE_INFINITY, 0];
  const stop = cluster.world.store.onAnyChange(() => {
    const live = cluster.world.store.list("Pod").filter((pod) => pod.metadata.deletionTimestamp === undefined);
    fewestReady = Math.min(fewestReady, live.filter(isReady).length);
    mostPods = Math.max(
      mostPods,
      sizes().reduce((sum, size) => sum + size, 0),
    );
  });
  during();
  stop();
  return { fewestReady, mostPods };
}

describe("a rolling update", () => {
  test.each([
    [1, 1, 2],
    [2, 2, 3],
    [4, 3, 5],
    [10, 8, 13],
  ])("of %i replicas keeps at least %i ready and makes at most %i", (replicas, ready, most) => {
    start(replicas);
    const seen = extremes(() => {
      dana.setImage(CART, "shop/cart:v2");
      wait(240);
    });
    expect(seen.fewestReady).toBeGreaterThanOrEqual(ready);
    expect(seen.mostPods).toBeLessThanOrEqual(most);
    expect(cart().status).toMatchObject({ updatedReplicas: replicas, readyReplicas: replicas, replicas });
  });

  test("numbers its revisions, and a roll back takes the old ReplicaSet again under a new number", () => {
    start(2);
    dana.setImage(CART, "shop/cart:v2");
    wait(60);
    expect(cart().metadata.annotations[REVISION]).toBe("2");
    dana.setImage(CART, "shop/cart:v1");
    wait(60);
    const sets = cluster.world.store.list("ReplicaSet");
    expect(sets).toHaveLength(2);
    expect(sets.map((set) => [set.metadata.annotations[REVISION], set.spec.replicas])).toEqual([
      ["3", 2],
      ["2", 0],
    ]);
    expect(sets[0]?.metadata.annotations["deployment.kubernetes.io/revision-history"]).toBe("1");
    expect(cart().metadata.annotations[REVISION]).toBe("3");
  });

  test("that stands still is said to have timed out after its deadline, once, and progresses again when it is put right", () => {
    start(2);
    dana.setImage(CART, "shop/cart:missing");
    wait(110);
    expect(conditionOf(cart().status.conditions, "Progressing")?.status).toBe("True");
    wait(30);
    const stuck = conditionOf(cart().status.conditions, "Progressing");
    expect(stuck).toMatchObject({ status: "False", reason: "ProgressDeadlineExceeded" });
    expect(stuck?.message).toMatch(/^ReplicaSet "cart-.+" has timed out progressing\.$/);
    expect(conditionOf(cart().status.conditions, "Available")?.status).toBe("True");
    dana.setImage(CART, "shop/cart:v1");
    wait(30);
    expect(conditionOf(cart().status.conditions, "Progressing")).toMatchObject({ status: "True", reason: "NewReplicaSetAvailable" });
  });

  test("keeps ten old ReplicaSets and no more", () => {
    start(1);
    for (let n = 0; n < 14; n += 1) {
      cluster.world.images.publish(`shop/cart:r${n}`, behaviour());
      dana.setImage(CART, `shop/cart:r${n}`);
      wait(60);
    }
    expect(cluster.world.store.list("ReplicaSet")).toHaveLength(11);
  });
});

describe("other ways of a Deployment", () => {
  test("Recreate stops all of the old before it starts any of the new", () => {
    start(3, "Recreate");
    const seen = extremes(() => {
      dana.setImage(CART, "shop/cart:v2");
      wait(90);
    });
    expect(seen).toMatchObject({ fewestReady: 0, mostPods: 3 });
    expect(cart().status.updatedReplicas).toBe(3);
  });

  test("scaling touches the number alone: no new ReplicaSet, to zero and back", () => {
    start(3);
    dana.scale(CART, 0);
    wait(30);
    expect(cart().status).toMatchObject({ replicas: 0, readyReplicas: 0 });
    expect(conditionOf(cart().status.conditions, "Available")?.status).toBe("True");
    dana.scale(CART, 3);
    wait(60);
    expect(cart().status.readyReplicas).toBe(3);
    expect(cluster.world.store.list("ReplicaSet")).toHaveLength(1);
  });

  test("scaling in the middle of a stuck rollout is shared out between the old and the new", () => {
    start(4);
    dana.setImage(CART, "shop/cart:missing");
    wait(60);
    dana.scale(CART, 8);
    wait(60);
    const [old = 0, young = 0] = sizes();
    expect(old + young).toBe(10);
    expect(old).toBeGreaterThan(3);
    expect(young).toBeGreaterThan(1);
  });

  test("a paused one does not roll", () => {
    start(2);
    dana.edit({ ...cart(), spec: { ...cart().spec, paused: true } });
    wait(5);
    dana.setImage(CART, "shop/cart:v2");
    wait(60);
    expect(cluster.world.store.list("ReplicaSet")).toHaveLength(1);
    expect(conditionOf(cart().status.conditions, "Progressing")).toMatchObject({ status: "Unknown", reason: "DeploymentPaused" });
    dana.edit({ ...cart(), spec: { ...cart().spec, paused: false } });
    wait(60);
    expect(cart().status.updatedReplicas).toBe(2);
  });

  test("a deleted pod is made anew, and without enough of them it says so", () => {
    start(1);
    for (const pod of cluster.world.store.list("Pod")) dana.remove(refOf(pod));
    wait(1);
    expect(conditionOf(cart().status.conditions, "Available")).toMatchObject({ status: "False", reason: "MinimumReplicasUnavailable" });
    wait(60);
    expect(conditionOf(cart().status.conditions, "Available")?.status).toBe("True");
  });
});
