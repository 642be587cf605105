import { conditionOf } from "@kintsugi/core";
import { describe, expect, test } from "vitest";
import { badRollout } from "./bad-rollout.ts";
import { play } from "./testing/play.ts";

describe("bad rollout", () => {
  test("new pods run and are never ready; after ten minutes the Deployment says so; the old version heals it", () => {
    const story = play(badRollout);
    story.wait(12);
    const found = story.stage.cluster.world.store.find(story.injection.subject);
    const conditions = found?.kind === "Deployment" ? found.status.conditions : [];
    expect(conditionOf(conditions, "Progressing")).toMatchObject({ status: "False", reason: "ProgressDeadlineExceeded" });
    expect(story.messages("Unhealthy").some((message) => /statuscode: 50[03]$/.test(message))).toBe(true);
    story.rollBack();
    story.wait(3);
    expect(story.injection.isOver()).toBe(true);
  });
});
