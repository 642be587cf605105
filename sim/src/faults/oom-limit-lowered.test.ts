import { describe, expect, test } from "vitest";
import { oomLimitLowered } from "./oom-limit-lowered.ts";
import { play } from "./testing/play.ts";

describe("oom limit lowered", () => {
  test("the new revision is killed at once, the old one serves on, and putting the limit back heals it", () => {
    const story = play(oomLimitLowered);
    story.wait(4);
    expect(story.reasons()).toContain("OOMKilled");
    story.rollBack();
    story.wait(3);
    expect(story.injection.isOver()).toBe(true);
  });
});
