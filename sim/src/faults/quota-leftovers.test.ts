import { refOf } from "@kintsugi/core";
import { describe, expect, test } from "vitest";
import { quotaLeftovers } from "./quota-leftovers.ts";
import { play } from "./testing/play.ts";

describe("quota leftovers", () => {
  test("a replacement is refused for the number of objects, and deleting the evicted pod makes room for it", () => {
    const story = play(quotaLeftovers);
    story.wait(3);
    expect(story.messages("FailedCreate").some((message) => message.includes("requested: count/pods=1"))).toBe(true);
    for (const pod of story.pods()) if (pod.status.reason === "Evicted") story.doctor.remove(refOf(pod));
    story.wait(20);
    expect(story.injection.isOver()).toBe(true);
  });
});
