import { describe, expect, test } from "vitest";
import { isReady } from "../controllers/pods.ts";
import { completedPods } from "./completed-pods.ts";
import { watchScene } from "./testing/watch-scene.ts";

describe("completed pods", () => {
  test("its pods stay as Succeeded, not ready and without harm", () => {
    const { stage, scene, wait } = watchScene(completedPods);
    wait(4);
    const pods = stage.cluster.world.store.list("Pod").filter((pod) => pod.metadata.labels["job-name"] === scene.targets[0]?.name);
    expect(pods.length).toBeGreaterThanOrEqual(3);
    expect(pods.every((pod) => pod.status.phase === "Succeeded" && !isReady(pod))).toBe(true);
    expect(scene.isWell()).toBe(true);
  });
});
