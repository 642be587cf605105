import { conditionOf } from "@kintsugi/core";
import { describe, expect, test } from "vitest";
import { quotaExceeded } from "./quota-exceeded.ts";
import { play } from "./testing/play.ts";

describe("quota exceeded", () => {
  test("pods are refused with the quota's arithmetic until the quota goes", () => {
    const story = play(quotaExceeded);
    story.wait(3);
    const words = /^Error creating: pods ".+" is forbidden: exceeded quota: pods-\w+, requested: pods=1, used: pods=\d+, limited: pods=\d+$/;
    expect(story.messages("FailedCreate").some((message) => words.test(message))).toBe(true);
    const owner = story.stage.cluster.world.store.find(story.injection.subject);
    expect(owner?.kind === "Deployment" && conditionOf(owner.status.conditions, "ReplicaFailure")?.reason).toBe("FailedCreate");
    story.wait(70);
    expect(story.injection.isOver()).toBe(true);
  });
});
