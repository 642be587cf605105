import { describe, expect, test } from "vitest";
import { restarts } from "../controllers/pods.ts";
import { crashLoop } from "./crash-loop.ts";
import { play } from "./testing/play.ts";

describe("crash loop", () => {
  test("every replica crashes again and again, also after a restart of the rollout, and there is no new revision at first", () => {
    const story = play(crashLoop);
    story.wait(8);
    expect(story.reasons()).toContain("CrashLoopBackOff");
    expect(story.pods().every((pod) => restarts(pod) > 1)).toBe(true);
    story.doctor.restart(story.injection.subject);
    story.wait(10);
    expect(story.injection.isOver()).toBe(false);
  });
});
