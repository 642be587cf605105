import { conditionOf } from "@kintsugi/core";
import { describe, expect, test } from "vitest";
import { stormNodes } from "./storm-nodes.ts";
import { play } from "./testing/play.ts";

describe("storm nodes", () => {
  test("at least a fifth of the nodes are lost within two minutes and come back", () => {
    const story = play(stormNodes);
    story.wait(3);
    const { store } = story.stage.cluster.world;
    const nodes = store.list("Node");
    const lost = nodes.filter((node) => conditionOf(node.status.conditions, "Ready")?.status === "Unknown");
    expect(lost.length).toBeGreaterThanOrEqual(Math.ceil(nodes.length / 5));
    story.wait(50);
    expect(story.injection.isOver()).toBe(true);
  });
});
