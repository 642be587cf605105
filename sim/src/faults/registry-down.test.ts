import { describe, expect, test } from "vitest";
import { registryDown } from "./registry-down.ts";
import { play } from "./testing/play.ts";

describe("registry down", () => {
  test("new versions cannot be pulled, old ones serve on, and all ends well when the registry is back", () => {
    const story = play(registryDown);
    story.wait(3);
    const refused = /^Failed to pull image .*: failed to do request: Head "https:.*: dial tcp [\d.]+:443: connect: connection refused$/;
    expect(story.messages("Failed").some((message) => refused.test(message))).toBe(true);
    expect(story.reasons()).toContain("ImagePullBackOff");
    expect(story.injection.isOver()).toBe(false);
    // Back-off of the kubelet: five minutes at most after the registry is back.
    story.wait(42);
    expect(story.injection.isOver()).toBe(true);
  });
});
