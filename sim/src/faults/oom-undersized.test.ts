import { type Container, formatBytes, parseQuantity } from "@kintsugi/core";
import { describe, expect, test } from "vitest";
import { withContainer } from "../scenario/people.ts";
import { oomUndersized } from "./oom-undersized.ts";
import { play } from "./testing/play.ts";

describe("oom undersized", () => {
  test("each run is killed at its limit within minutes; a limit half as high again heals it", () => {
    const story = play(oomUndersized);
    story.wait(12);
    expect(story.reasons()).toContain("OOMKilled");
    story.doctor.restart(story.injection.subject);
    story.wait(8);
    expect(story.reasons()).toContain("OOMKilled");
    story.doctor.changeTemplate(story.injection.subject, (template) => withContainer(template, raised));
    story.wait(30);
    expect(story.reasons()).not.toContain("OOMKilled");
    expect(story.injection.isOver()).toBe(true);
  });

  function raised(container: Container): Container {
    const limit = (parseQuantity(container.resources?.limits?.["memory"]) ?? 0) * 1.5;
    return { ...container, resources: { ...container.resources, limits: { ...container.resources?.limits, memory: formatBytes(limit) } } };
  }

  test("exit code and reason are the kernel's", () => {
    const story = play(oomUndersized, 2);
    story.wait(12);
    const ended = story.pods().flatMap((pod) => pod.status.containerStatuses.map((status) => status.state.terminated ?? status.lastState.terminated));
    expect(ended.some((one) => one?.exitCode === 137 && one.reason === "OOMKilled")).toBe(true);
  });
});
