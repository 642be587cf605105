import { describe, expect, test } from "vitest";
import { isReady, restarts } from "../controllers/pods.ts";
import { podsOf } from "../scenario/stage.ts";
import { singleRestart } from "./single-restart.ts";
import { watchScene } from "./testing/watch-scene.ts";

describe("single restart", () => {
  test("one restart is counted, and the pod is ready again within a minute", () => {
    const { stage, scene, wait } = watchScene(singleRestart);
    const [ref] = scene.targets;
    if (ref === undefined) throw new Error("no target");
    wait(1);
    expect(
      podsOf(stage, ref)
        .map(restarts)
        .reduce((sum, count) => sum + count, 0),
    ).toBe(1);
    expect(podsOf(stage, ref).every(isReady)).toBe(true);
    wait(30);
    expect(scene.isWell()).toBe(true);
  });
});
