import { describe, expect, test } from "vitest";
import { missingSecret } from "./missing-secret.ts";
import { play } from "./testing/play.ts";

describe("missing secret", () => {
  test("new pods wait for a Secret that nobody made, and the old revision heals it", () => {
    const story = play(missingSecret);
    story.wait(3);
    expect(story.messages("Failed").some((message) => /^Error: secret ".+-credentials" not found$/.test(message))).toBe(true);
    story.rollBack();
    story.wait(3);
    expect(story.injection.isOver()).toBe(true);
  });
});
