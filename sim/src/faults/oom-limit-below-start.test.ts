import { describe, expect, test } from "vitest";
import { oomLimitBelowStart } from "./oom-limit-below-start.ts";
import { play } from "./testing/play.ts";

const SAYS = /container init was OOM-killed \(memory limit too low\?\): unknown$/;

/** What is said of the first of some plays of which the limit is so. */
function saidWith(limit: string) {
  for (let seed = 1; seed < 20; seed += 1) {
    const story = play(oomLimitBelowStart, seed);
    story.wait(3);
    const small = story.pods().find((pod) => pod.spec.containers[0]?.resources?.limits?.["memory"] === limit);
    if (small !== undefined) return { story, status: small.status.containerStatuses[0], sandbox: story.messages("FailedCreatePodSandBox") };
  }
  throw new Error(`no play with ${limit}`);
}

describe("oom limit below start", () => {
  test("in a megabyte not even the sandbox starts: only an Event says so, and the old limit heals it", () => {
    const { story, status, sandbox } = saidWith("1Mi");
    expect(status?.state.waiting?.reason).toBe("ContainerCreating");
    expect(sandbox[0]).toMatch(/^Failed to create pod sandbox: rpc error: code = Unknown/);
    expect(sandbox[0]).toMatch(SAYS);
    story.rollBack();
    story.wait(3);
    expect(story.injection.isOver()).toBe(true);
  });

  test("in a little more the sandbox does, and the container's first process does not", () => {
    const { status, sandbox } = saidWith("4Mi");
    expect(sandbox).toEqual([]);
    expect(status?.lastState.terminated).toMatchObject({ reason: "StartError", exitCode: 128, message: expect.stringMatching(SAYS) });
  });
});
