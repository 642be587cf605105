import { describe, expect, test } from "vitest";
import { scaledToZeroByAutoscaler } from "./scaled-to-zero-by-autoscaler.ts";
import { watchScene } from "./testing/watch-scene.ts";

describe("scaled to zero by autoscaler", () => {
  test("KEDA writes zero, and its HPA still names the target", () => {
    const { stage, scene, wait } = watchScene(scaledToZeroByAutoscaler);
    wait(10);
    const [ref] = scene.targets;
    const { store } = stage.cluster.world;
    const found = store.get("Deployment", ref?.namespace ?? "", ref?.name ?? "");
    expect(found?.spec.replicas).toBe(0);
    expect(found?.metadata.managers.find((entry) => entry.paths.includes("/spec/replicas"))?.manager).toBe("keda");
    expect(store.list("HorizontalPodAutoscaler").some((one) => one.spec.target.name === ref?.name)).toBe(true);
    expect(scene.isWell()).toBe(true);
  });
});
