import { describe, expect, test } from "vitest";
import { isReady } from "../controllers/pods.ts";
import { readinessFailing } from "./readiness-failing.ts";
import { play } from "./testing/play.ts";

describe("readiness failing", () => {
  test("all replicas run and none is ready, until the dependency is back", () => {
    const story = play(readinessFailing);
    story.wait(3);
    expect(story.pods().every((pod) => pod.status.phase === "Running" && !isReady(pod))).toBe(true);
    expect(story.messages("Unhealthy").some((message) => message.startsWith("Readiness probe failed: "))).toBe(true);
    story.wait(45);
    expect(story.injection.isOver()).toBe(true);
  });
});
