import { conditionOf } from "@kintsugi/core";
import { describe, expect, test } from "vitest";
import { stormZone } from "./storm-zone.ts";
import { play } from "./testing/play.ts";

describe("storm zone", () => {
  test("all nodes of one zone are lost together and come back together", () => {
    const story = play(stormZone);
    story.wait(3);
    const { store } = story.stage.cluster.world;
    const lost = store.list("Node").filter((node) => conditionOf(node.status.conditions, "Ready")?.status === "Unknown");
    expect(lost.length).toBe(4);
    expect(new Set(lost.map((node) => node.metadata.labels["topology.kubernetes.io/zone"])).size).toBe(1);
    story.wait(50);
    expect(story.injection.isOver()).toBe(true);
  });
});
