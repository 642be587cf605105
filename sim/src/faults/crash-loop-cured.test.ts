import { describe, expect, test } from "vitest";
import { crashLoopCured } from "./crash-loop-cured.ts";
import { play } from "./testing/play.ts";

describe("crash loop cured", () => {
  test("once the ConfigMap is put right a restart cures at once what would wait out its back-off", () => {
    const story = play(crashLoopCured);
    story.wait(6);
    expect(story.reasons()).toContain("CrashLoopBackOff");
    const { timeline } = story.stage.cluster;
    timeline.advanceTo((story.injection.endsAt ?? 0) + 5_000);
    expect(story.injection.isOver()).toBe(false);
    story.doctor.restart(story.injection.subject);
    story.wait(2);
    expect(story.injection.isOver()).toBe(true);
  });
});
