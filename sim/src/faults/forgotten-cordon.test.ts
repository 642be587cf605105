import { describe, expect, test } from "vitest";
import { forgottenCordon } from "./forgotten-cordon.ts";
import { play } from "./testing/play.ts";

describe("forgotten cordon", () => {
  test("the node takes no pods, its pods stay, and uncordoning heals it", () => {
    const story = play(forgottenCordon);
    const { name } = story.injection.subject;
    const pods = () => story.stage.cluster.world.store.podsOn(name).length;
    const before = pods();
    story.wait(30);
    expect(pods()).toBe(before);
    expect(story.stage.cluster.world.store.get("Node", "", name)?.spec.taints.map((taint) => taint.key)).toEqual(["node.kubernetes.io/unschedulable"]);
    expect(story.injection.isOver()).toBe(false);
    story.doctor.cordon(name, false);
    story.wait(1);
    expect(story.injection.isOver()).toBe(true);
    expect(story.stage.cluster.world.store.get("Node", "", name)?.spec.taints).toEqual([]);
  });
});
