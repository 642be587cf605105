import { describe, expect, test } from "vitest";
import { oomLeak } from "./oom-leak.ts";
import { MINUTE, play } from "./testing/play.ts";

describe("oom leak", () => {
  test("each run ends at the limit after more than ten minutes, and a restart only postpones it", () => {
    const story = play(oomLeak);
    story.wait(60);
    const runs = story.pods().flatMap((pod) => pod.status.containerStatuses.flatMap((status) => status.state.terminated ?? status.lastState.terminated ?? []));
    const spans = runs.map((run) => Date.parse(run.finishedAt) - Date.parse(run.startedAt));
    expect(spans.length).toBeGreaterThan(0);
    expect(Math.min(...spans)).toBeGreaterThan(10 * MINUTE);
    story.doctor.restart(story.injection.subject);
    story.wait(5);
    expect(story.reasons()).not.toContain("OOMKilled");
    story.wait(30);
    expect(story.reasons()).toContain("OOMKilled");
  });
});
