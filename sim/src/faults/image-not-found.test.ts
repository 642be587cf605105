import { describe, expect, test } from "vitest";
import { imageNotFound } from "./image-not-found.ts";
import { play } from "./testing/play.ts";

describe("image not found", () => {
  test("new pods cannot pull, old ones serve on, and putting the image back heals it", () => {
    const story = play(imageNotFound);
    story.wait(3);
    expect(story.reasons().some((reason) => reason === "ImagePullBackOff" || reason === "ErrImagePull")).toBe(true);
    expect(story.messages("Failed").some((message) => message.endsWith(": not found"))).toBe(true);
    expect(story.injection.isOver()).toBe(false);
    story.rollBack();
    story.wait(3);
    expect(story.injection.isOver()).toBe(true);
  });
});
