import { conditionOf } from "@kintsugi/core";
import { describe, expect, test } from "vitest";
import { play } from "./testing/play.ts";
import { unschedulableScaleUp } from "./unschedulable-scale-up.ts";

describe("unschedulable scale up", () => {
  test("some pods of the larger number fit nowhere until it is scaled back", () => {
    const story = play(unschedulableScaleUp);
    story.wait(5);
    expect(story.pods().some((pod) => conditionOf(pod.status.conditions, "PodScheduled")?.reason === "Unschedulable")).toBe(true);
    story.wait(50);
    expect(story.injection.isOver()).toBe(true);
  });
});
