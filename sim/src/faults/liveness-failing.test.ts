import { describe, expect, test } from "vitest";
import { livenessFailing } from "./liveness-failing.ts";
import { play } from "./testing/play.ts";

describe("liveness failing", () => {
  test("the kubelet ends every replica again and again, until the dependency is back", () => {
    const story = play(livenessFailing);
    story.wait(8);
    expect(story.messages("Killing").some((message) => message.endsWith("failed liveness probe, will be restarted"))).toBe(true);
    expect(story.pods().every((pod) => pod.status.containerStatuses.every((status) => status.restartCount >= 2))).toBe(true);
    story.wait(50);
    expect(story.injection.isOver()).toBe(true);
  });
});
