import { describe, expect, test } from "vitest";
import { readinessAfterRollout } from "./readiness-after-rollout.ts";
import { play } from "./testing/play.ts";

describe("readiness after rollout", () => {
  test("the new probe fails for a path or port that is not served, and the old probe heals it", () => {
    const story = play(readinessAfterRollout);
    story.wait(4);
    expect(story.messages("Unhealthy").some((message) => /statuscode: 404$|connection refused$/.test(message))).toBe(true);
    expect(story.injection.isOver()).toBe(false);
    story.rollBack();
    story.wait(3);
    expect(story.injection.isOver()).toBe(true);
  });
});
