import { describe, expect, test } from "vitest";
import { missingKey } from "./missing-key.ts";
import { play } from "./testing/play.ts";

describe("missing key", () => {
  test("new pods wait for a key that the ConfigMap does not have, and the old revision heals it", () => {
    const story = play(missingKey);
    story.wait(3);
    expect(story.messages("Failed").some((message) => /^Error: couldn't find key \S+ in ConfigMap \S+\/\S+$/.test(message))).toBe(true);
    story.rollBack();
    story.wait(3);
    expect(story.injection.isOver()).toBe(true);
  });
});
