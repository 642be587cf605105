import { describe, expect, test } from "vitest";
import { commandNotInShell } from "./command-not-in-shell.ts";
import { play } from "./testing/play.ts";

describe("command not in shell", () => {
  test("the container starts, ends at once with exit code 127, again and again; the old command heals it", () => {
    const story = play(commandNotInShell);
    story.wait(3);
    const ended = story.pods().flatMap((pod) => pod.status.containerStatuses.flatMap((status) => status.lastState.terminated ?? []));
    expect(ended).toMatchObject([{ reason: "Error", exitCode: 127 }]);
    // The pass over the pod that finds it in its back-off is followed by one that says so, 10 to 15 s later.
    story.wait(0.25);
    expect(story.reasons()).toContain("CrashLoopBackOff");
    expect(story.messages("Failed")).toEqual([]);
    story.rollBack();
    story.wait(3);
    expect(story.injection.isOver()).toBe(true);
  });
});
