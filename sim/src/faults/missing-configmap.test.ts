import { describe, expect, test } from "vitest";
import { missingConfigMap } from "./missing-configmap.ts";
import { play } from "./testing/play.ts";

describe("missing configmap", () => {
  test("new pods wait for a ConfigMap that is not there, and start when its owner brings it back", () => {
    const story = play(missingConfigMap);
    story.wait(5);
    expect(story.reasons()).toContain("CreateContainerConfigError");
    expect(story.messages("Failed").some((message) => /^Error: configmap ".+" not found$/.test(message))).toBe(true);
    story.wait(55);
    expect(story.injection.isOver()).toBe(true);
  });
});
