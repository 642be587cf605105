import { describe, expect, test } from "vitest";
import { failedJobIdempotent } from "./failed-job-idempotent.ts";
import { play } from "./testing/play.ts";

describe("failed job idempotent", () => {
  test("it fails while its database is away, and the same Job made again ends well", () => {
    const story = play(failedJobIdempotent);
    story.wait(6);
    const { namespace, name } = story.injection.subject;
    const { api, store } = story.stage.cluster.world;
    const job = store.get("Job", namespace, name);
    expect(job?.metadata.labels["kintsugi.dev/idempotent"]).toBe("true");
    expect(job?.status.conditions.at(-1)?.type).toBe("Failed");
    if (job !== undefined) api.create(story.doctor.actor, { kind: "Job", metadata: { name: `${name}-again`, namespace }, spec: job.spec });
    story.wait(3);
    expect(story.injection.isOver()).toBe(true);
  });
});
