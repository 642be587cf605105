import { conditionOf } from "@kintsugi/core";
import { describe, expect, test } from "vitest";
import { play } from "./testing/play.ts";
import { unschedulableMemory } from "./unschedulable-memory.ts";

describe("unschedulable memory", () => {
  test("the new pod fits on no node, in the scheduler's words, and the old requests heal it", () => {
    const story = play(unschedulableMemory);
    story.wait(2);
    const said = story
      .pods()
      .map((pod) => conditionOf(pod.status.conditions, "PodScheduled"))
      .find((one) => one?.status === "False");
    expect(said?.reason).toBe("Unschedulable");
    expect(said?.message).toContain("0/13 nodes are available: 1 node(s) had untolerated taint(s), 12 Insufficient memory. ");
    expect(story.messages("FailedScheduling")).toContain(said?.message);
    story.rollBack();
    story.wait(2);
    expect(story.injection.isOver()).toBe(true);
  });
});
