import { describe, expect, test } from "vitest";
import { isReady } from "../controllers/pods.ts";
import { crashAfterRollout } from "./crash-after-rollout.ts";
import { play } from "./testing/play.ts";

describe("crash after rollout", () => {
  test("new pods crash and back off while old ones serve; the old version heals it", () => {
    const story = play(crashAfterRollout);
    story.wait(5);
    expect(story.reasons()).toContain("CrashLoopBackOff");
    expect(story.pods().filter(isReady).length).toBeGreaterThan(0);
    story.rollBack();
    story.wait(3);
    expect(story.injection.isOver()).toBe(true);
  });
});
