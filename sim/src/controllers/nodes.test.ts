import { conditionOf } from "@kintsugi/core";
import { beforeEach, describe, expect, test } from "vitest";
import { createCluster, type SimCluster } from "../cluster.ts";
import { ADMIN, addNamespace, addNode, deployment, service } from "../scenario/objects.ts";
import { behaviour } from "../world/images.ts";

let cluster: SimCluster;

beforeEach(() => {
  cluster = createCluster({ seed: "nodes" });
  for (const n of [1, 2, 3, 4, 5, 6]) addNode(cluster.world, { name: `node-${n}`, zone: n <= 3 ? "a" : "b" });
  addNamespace(cluster.world, "shop");
  cluster.world.images.publish("shop/app:v1", behaviour());
  cluster.world.api.create(ADMIN, deployment({ name: "app", namespace: "shop", image: "shop/app:v1", replicas: 6 }));
  cluster.world.api.create(ADMIN, service("shop", "app"));
  wait(60);
});

function wait(seconds: number): void {
  cluster.timeline.advanceTo(cluster.timeline.now() + seconds * 1000);
}

const ready = (name: string) => conditionOf(cluster.world.store.get("Node", "", name)?.status.conditions ?? [], "Ready")?.status;
const noExecute = () => cluster.world.store.list("Node").filter((node) => node.spec.taints.some((taint) => taint.effect === "NoExecute")).length;
const endpoints = () => cluster.world.store.list("EndpointSlice")[0]?.endpoints.filter((one) => one.ready).length;

describe("a node that falls silent", () => {
  test("for less than its grace period is never noticed", () => {
    cluster.silenceNode("node-1");
    wait(40);
    cluster.reviveNode("node-1");
    wait(120);
    expect(ready("node-1")).toBe("True");
    expect(cluster.world.store.list("Event").some((event) => event.reason === "NodeNotReady")).toBe(false);
  });

  test("takes its pods out of their Service, and five minutes later they are made elsewhere", () => {
    cluster.silenceNode("node-1");
    wait(70);
    expect(ready("node-1")).toBe("Unknown");
    expect(endpoints()).toBe(5);
    wait(320);
    const elsewhere = cluster.world.store.list("Pod").filter((pod) => pod.spec.nodeName !== "node-1");
    expect(elsewhere).toHaveLength(6);
    expect(endpoints()).toBe(6);
    const lost = cluster.world.store.podsOn("node-1");
    expect(lost.map((pod) => conditionOf(pod.status.conditions, "DisruptionTarget")?.reason)).toEqual(["DeletionByTaintManager"]);
    wait(600);
    expect(cluster.world.store.podsOn("node-1")).toHaveLength(1);
    cluster.reviveNode("node-1");
    wait(30);
    expect(cluster.world.store.podsOn("node-1")).toEqual([]);
    expect(ready("node-1")).toBe("True");
  });

  test("that comes back within five minutes keeps its pods", () => {
    const before = cluster.world.store.podsOn("node-1").map((pod) => pod.metadata.uid);
    cluster.silenceNode("node-1");
    wait(200);
    cluster.reviveNode("node-1");
    wait(600);
    expect(cluster.world.store.podsOn("node-1").map((pod) => pod.metadata.uid)).toEqual(before);
    expect(endpoints()).toBe(6);
  });
});

describe("many nodes at once", () => {
  test("a lost zone is evicted from, one node in ten seconds", () => {
    const at: number[] = [];
    cluster.world.store.onChange(["Node"], () => {
      if (noExecute() > at.length) at.push(cluster.timeline.now());
    });
    for (const n of [1, 2, 3]) cluster.silenceNode(`node-${n}`);
    wait(120);
    const gaps = at.slice(1).map((time, i) => time - (at[i] ?? 0));
    expect(gaps).toHaveLength(2);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(10_000);
  });

  test("where everything is lost nothing is evicted: it is the control plane that is cut off", () => {
    for (const n of [1, 2, 3, 4, 5, 6]) cluster.silenceNode(`node-${n}`);
    wait(1200);
    expect(noExecute()).toBeLessThan(6);
    expect(cluster.world.store.list("Pod").filter((pod) => pod.metadata.deletionTimestamp !== undefined).length).toBeLessThan(6);
  });
});
