import { conditionOf, type Deployment } from "@kintsugi/core";
import { describe, expect, test } from "vitest";
import { isReady } from "../controllers/pods.ts";
import { isWell, podsOf } from "../scenario/stage.ts";
import { slowRollout } from "./slow-rollout.ts";
import { watchScene } from "./testing/watch-scene.ts";

describe("slow rollout", () => {
  test("new pods are not ready for minutes, the deadline is never missed, and in the end all are", () => {
    const { stage, scene, wait } = watchScene(slowRollout);
    wait(1);
    const [ref] = scene.targets;
    if (ref === undefined) throw new Error("no target");
    const conditions = () => (stage.cluster.world.store.find(ref) as Deployment).status.conditions;
    expect(podsOf(stage, ref).some((pod) => !isReady(pod))).toBe(true);
    for (let minute = 0; minute < 30; minute += 1) {
      wait(1);
      expect(conditionOf(conditions(), "Progressing")?.status).toBe("True");
    }
    expect(isWell(stage, ref)).toBe(true);
    expect(scene.isWell()).toBe(true);
  });
});
