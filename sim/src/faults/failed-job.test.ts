import { describe, expect, test } from "vitest";
import { failedJob } from "./failed-job.ts";
import { play } from "./testing/play.ts";

describe("failed job", () => {
  test("it is tried as often as it may be and is Failed then", () => {
    const story = play(failedJob);
    story.wait(15);
    const job = story.stage.cluster.world.store.get("Job", story.injection.subject.namespace, story.injection.subject.name);
    expect(job?.status.conditions.at(-1)).toMatchObject({ type: "Failed", status: "True", reason: "BackoffLimitExceeded" });
    expect(job?.status.failed).toBe((job?.spec.backoffLimit ?? 0) + 1);
    expect(story.injection.isOver()).toBe(false);
  });
});
