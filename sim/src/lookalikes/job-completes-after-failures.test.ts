import { describe, expect, test } from "vitest";
import { jobCompletesAfterFailures } from "./job-completes-after-failures.ts";
import { watchScene } from "./testing/watch-scene.ts";

describe("job completes after failures", () => {
  test("it is Complete with failed pods beside the one that ended well", () => {
    const { stage, scene, wait } = watchScene(jobCompletesAfterFailures);
    wait(6);
    const job = stage.cluster.world.store.get("Job", scene.targets[0]?.namespace ?? "", scene.targets[0]?.name ?? "");
    expect(job?.status.failed).toBeGreaterThan(0);
    expect(job?.status.conditions.at(-1)?.type).toBe("Complete");
    expect(scene.isWell()).toBe(true);
  });
});
