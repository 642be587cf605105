import { type Container, conditionOf } from "@kintsugi/core";
import { beforeEach, describe, expect, test } from "vitest";
import { createCluster, type SimCluster } from "../cluster.ts";
import { ADMIN, addNamespace, addNode, deployment } from "../scenario/objects.ts";
import { Person } from "../scenario/people.ts";
import { behaviour } from "../world/images.ts";
import { fitError } from "./scheduler.ts";

let cluster: SimCluster;

beforeEach(() => {
  cluster = createCluster({ seed: "scheduler" });
  addNamespace(cluster.world, "shop");
  cluster.world.images.publish("shop/app:v1", behaviour());
});

function wait(seconds: number): void {
  cluster.timeline.advanceTo(cluster.timeline.now() + seconds * 1000);
}

function pod(name: string, over: Partial<Container> = {}, spec: object = {}): void {
  const containers = [{ name: "app", image: "shop/app:v1", ...over } as Container];
  cluster.world.api.create(ADMIN, { kind: "Pod", metadata: { name, namespace: "shop" }, spec: { containers, ...spec } });
}

const nodeOf = (name: string) => cluster.world.store.get("Pod", "shop", name)?.spec.nodeName;
const said = (name: string) => conditionOf(cluster.world.store.get("Pod", "shop", name)?.status.conditions ?? [], "PodScheduled");
const asks = (cpu: string) => ({ resources: { requests: { cpu } } });

describe("the scheduler", () => {
  test("says why each node refuses, as 1.34 does: recorded from a real one", () => {
    const tainted = { reasons: ["node(s) had untolerated taint(s)"], isHopeless: true };
    const small = { reasons: ["Insufficient cpu"], isHopeless: true };
    expect(fitError([tainted, small, small])).toBe(
      "0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient cpu. no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.",
    );
  });

  test("a full node is another matter than one that is too small", () => {
    addNode(cluster.world, { name: "node-1", cpu: "2" });
    pod("first", asks("1500m"));
    wait(1);
    pod("second", asks("1"));
    wait(1);
    expect(nodeOf("first")).toBe("node-1");
    expect(said("second")?.message).toBe(
      "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.",
    );
    new Person(cluster.world, "dana").remove({ kind: "Pod", namespace: "shop", name: "first" });
    wait(30);
    expect(nodeOf("second")).toBe("node-1");
  });

  test("a new node and an uncordoned one are taken up at once", () => {
    addNode(cluster.world, { name: "node-1" });
    const dana = new Person(cluster.world, "dana");
    dana.cordon("node-1");
    wait(1);
    pod("one");
    wait(60);
    expect(said("one")?.message).toContain("1 node(s) were unschedulable");
    dana.cordon("node-1", false);
    wait(15);
    expect(nodeOf("one")).toBe("node-1");
    pod("big", asks("6"));
    wait(20);
    addNode(cluster.world, { name: "node-2", cpu: "8" });
    wait(15);
    expect(nodeOf("big")).toBe("node-2");
  });

  test("keeps to tolerations and node selectors", () => {
    addNode(cluster.world, { name: "plain" });
    addNode(cluster.world, { name: "gpu", labels: { gpu: "true" }, taints: [{ key: "gpu", value: "yes", effect: "NoSchedule" }] });
    pod("tolerant", {}, { nodeSelector: { gpu: "true" }, tolerations: [{ key: "gpu", operator: "Exists" }] });
    pod("intolerant", {}, { nodeSelector: { gpu: "true" } });
    pod("plain");
    wait(2);
    expect([nodeOf("tolerant"), nodeOf("intolerant"), nodeOf("plain")]).toEqual(["gpu", undefined, "plain"]);
    expect(said("intolerant")?.message).toContain("1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated taint(s)");
  });

  test("never gives a node more than it has", () => {
    for (const n of [1, 2, 3]) addNode(cluster.world, { name: `node-${n}`, cpu: "2", memory: "4Gi" });
    cluster.world.api.create(ADMIN, deployment({ name: "app", namespace: "shop", image: "shop/app:v1", replicas: 30, cpu: "300m" }));
    wait(120);
    const counts = [1, 2, 3].map((n) => cluster.world.store.podsOn(`node-${n}`).length);
    expect(counts).toEqual([6, 6, 6]);
  });
});
