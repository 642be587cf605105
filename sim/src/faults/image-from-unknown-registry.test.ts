import { describe, expect, test } from "vitest";
import { imageFromUnknownRegistry } from "./image-from-unknown-registry.ts";
import { play } from "./testing/play.ts";

describe("image from an unknown registry", () => {
  test("the registry's name leads nowhere, in the runtime's words, old pods serve on, and the old image heals it", () => {
    const story = play(imageFromUnknownRegistry);
    story.wait(3);
    expect(story.reasons().some((reason) => reason === "ImagePullBackOff" || reason === "ErrImagePull")).toBe(true);
    expect(story.messages("Failed").some((message) => /^Failed to pull image .*: failed to do request: Head "https:.*: no such host$/.test(message))).toBe(
      true,
    );
    expect(story.injection.isOver()).toBe(false);
    story.rollBack();
    story.wait(3);
    expect(story.injection.isOver()).toBe(true);
  });
});
