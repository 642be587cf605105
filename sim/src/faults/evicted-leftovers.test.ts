import { refOf } from "@kintsugi/core";
import { describe, expect, test } from "vitest";
import { evictedLeftovers } from "./evicted-leftovers.ts";
import { play } from "./testing/play.ts";

describe("evicted leftovers", () => {
  test("the node is under pressure, the evicted pod stays as Failed, another takes its place, and deleting it heals", () => {
    const story = play(evictedLeftovers);
    story.wait(4);
    const left = story.pods().filter((pod) => pod.status.reason === "Evicted");
    expect(left.length).toBeGreaterThan(0);
    expect(left[0]?.status.message).toMatch(/^The node was low on resource: (memory|ephemeral-storage)\. Threshold quantity: /);
    expect(story.injection.isOver()).toBe(false);
    for (const pod of left) story.doctor.remove(refOf(pod));
    story.wait(5);
    expect(story.injection.isOver()).toBe(true);
    const pressed = story.stage.cluster.world.store.list("Node").filter((node) => node.spec.taints.some((taint) => taint.key.endsWith("-pressure")));
    expect(pressed).toEqual([]);
  });
});
