import { type Container, formatBytes, parseQuantity } from "@kintsugi/core";
import { describe, expect, test } from "vitest";
import { withContainer } from "../scenario/people.ts";
import { oomFarUndersized } from "./oom-far-undersized.ts";
import { play } from "./testing/play.ts";

describe("oom far undersized", () => {
  test("a limit half as high again is not enough; three times as much is", () => {
    const story = play(oomFarUndersized);
    const raise = (factor: number) => story.doctor.changeTemplate(story.injection.subject, (template) => withContainer(template, (one) => raised(one, factor)));
    story.wait(12);
    expect(story.reasons()).toContain("OOMKilled");
    raise(1.5);
    story.wait(20);
    expect(story.reasons()).toContain("OOMKilled");
    raise(2);
    story.wait(30);
    expect(story.reasons()).not.toContain("OOMKilled");
    expect(story.injection.isOver()).toBe(true);
  });

  function raised(container: Container, factor: number): Container {
    const limit = (parseQuantity(container.resources?.limits?.["memory"]) ?? 0) * factor;
    return { ...container, resources: { ...container.resources, limits: { ...container.resources?.limits, memory: formatBytes(limit) } } };
  }
});
