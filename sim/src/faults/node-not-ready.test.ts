import { conditionOf } from "@kintsugi/core";
import { describe, expect, test } from "vitest";
import { nodeNotReady } from "./node-not-ready.ts";
import { play } from "./testing/play.ts";

describe("node not ready", () => {
  test("the node becomes Unknown after its grace period, its pods not ready and five minutes later evicted, and it comes back", () => {
    const story = play(nodeNotReady);
    const { name } = story.injection.subject;
    const node = () => story.stage.cluster.world.store.get("Node", "", name);
    story.stage.cluster.timeline.advanceTo(story.stage.cluster.timeline.now() + 45_000);
    expect(conditionOf(node()?.status.conditions ?? [], "Ready")?.status).toBe("True");
    story.wait(1);
    const ready = conditionOf(node()?.status.conditions ?? [], "Ready");
    expect(ready).toMatchObject({ status: "Unknown", reason: "NodeStatusUnknown", message: "Kubelet stopped posting node status." });
    expect(
      node()
        ?.spec.taints.map((taint) => `${taint.key}:${taint.effect}`)
        .sort(),
    ).toEqual(["node.kubernetes.io/unreachable:NoExecute", "node.kubernetes.io/unreachable:NoSchedule"]);
    const pods = story.stage.cluster.world.store.podsOn(name);
    expect(pods.every((pod) => conditionOf(pod.status.conditions, "Ready")?.status === "False")).toBe(true);
    story.wait(6);
    const movable = story.stage.cluster.world.store.podsOn(name).filter((pod) => pod.metadata.ownerReferences[0]?.kind !== "DaemonSet");
    expect(movable.every((pod) => pod.metadata.deletionTimestamp !== undefined)).toBe(true);
    story.wait(45);
    expect(story.injection.isOver()).toBe(true);
    expect(node()?.spec.taints).toEqual([]);
  });
});
