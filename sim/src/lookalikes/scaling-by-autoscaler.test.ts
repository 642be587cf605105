import { describe, expect, test } from "vitest";
import { podsOf } from "../scenario/stage.ts";
import { scalingByAutoscaler } from "./scaling-by-autoscaler.ts";
import { watchScene } from "./testing/watch-scene.ts";

describe("scaling by autoscaler", () => {
  test("the HPA owns the number of replicas, and the number follows the load", () => {
    const { stage, scene, wait } = watchScene(scalingByAutoscaler);
    const [ref] = scene.targets;
    if (ref === undefined) throw new Error("no target");
    const sizes = new Set<number>();
    for (let minute = 0; minute < 40; minute += 1) {
      wait(1);
      sizes.add(podsOf(stage, ref).length);
      expect(scene.isWell()).toBe(true);
    }
    expect(sizes.size).toBeGreaterThanOrEqual(3);
    const entry = stage.cluster.world.store.find(ref)?.metadata.managers.find((one) => one.paths.includes("/spec/replicas"));
    expect(entry).toMatchObject({ manager: "kube-controller-manager", subresource: "scale" });
  });
});
