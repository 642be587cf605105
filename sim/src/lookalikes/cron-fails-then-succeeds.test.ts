import { controllerOf } from "@kintsugi/core";
import { describe, expect, test } from "vitest";
import { jobEnd } from "../controllers/job.ts";
import { cronFailsThenSucceeds } from "./cron-fails-then-succeeds.ts";
import { watchScene } from "./testing/watch-scene.ts";

describe("cron fails then succeeds", () => {
  test("one of its Jobs is Failed, the next is Complete", () => {
    const { stage, scene, wait } = watchScene(cronFailsThenSucceeds);
    const ref = scene.targets[0];
    wait(10);
    const jobs = stage.cluster.world.store.list("Job").filter((job) => controllerOf(job)?.name === ref?.name);
    const ends = jobs.map(jobEnd);
    expect(ends).toContain("Failed");
    expect(ends).toContain("Complete");
    expect(scene.isWell()).toBe(true);
  });
});
