import { refOf } from "@kintsugi/core";
import { describe, expect, test } from "vitest";
import { isReady } from "../controllers/pods.ts";
import { readinessWedged } from "./readiness-wedged.ts";
import { play } from "./testing/play.ts";

describe("readiness wedged", () => {
  test("one of several replicas is not ready; with another in its place all are", () => {
    const story = play(readinessWedged);
    story.wait(5);
    const stuck = story.pods().filter((pod) => !isReady(pod));
    expect(stuck).toHaveLength(1);
    for (const pod of stuck) story.doctor.remove(refOf(pod));
    story.wait(2);
    expect(story.injection.isOver()).toBe(true);
  });
});
