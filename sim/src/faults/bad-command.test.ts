import { describe, expect, test } from "vitest";
import { badCommand } from "./bad-command.ts";
import { play } from "./testing/play.ts";

describe("bad command", () => {
  test("containers cannot be started, with the runtime's words, and the old command heals it", () => {
    const story = play(badCommand);
    story.wait(3);
    const ended = story
      .pods()
      .flatMap((pod) => pod.status.containerStatuses.map((status) => status.lastState.terminated))
      .find((one) => one !== undefined);
    expect(ended).toMatchObject({ reason: "StartError", exitCode: 128 });
    expect(ended?.message).toMatch(/executable file not found in \$PATH|no such file or directory/);
    story.rollBack();
    story.wait(3);
    expect(story.injection.isOver()).toBe(true);
  });
});
