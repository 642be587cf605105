import { describe, expect, test } from "vitest";
import { crashLoopPassing } from "./crash-loop-passing.ts";
import { play } from "./testing/play.ts";

describe("crash loop passing", () => {
  test("it crashes while the dependency is away and is well again some minutes after, without help", () => {
    const story = play(crashLoopPassing);
    story.wait(6);
    expect(story.injection.isOver()).toBe(false);
    story.wait(25);
    expect(story.stage.cluster.timeline.now()).toBeGreaterThan(story.injection.endsAt ?? Number.POSITIVE_INFINITY);
    expect(story.injection.isOver()).toBe(true);
  });
});
