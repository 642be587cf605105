import { describe, expect, test } from "vitest";
import { podsOf } from "../scenario/stage.ts";
import { retiredApp } from "./retired-app.ts";
import { watchScene } from "./testing/watch-scene.ts";

describe("retired app", () => {
  test("it has no pods, no Service and no trouble", () => {
    const { stage, scene, wait } = watchScene(retiredApp);
    wait(10);
    const [ref] = scene.targets;
    if (ref === undefined) throw new Error("no target");
    expect(podsOf(stage, ref)).toEqual([]);
    expect(scene.isWell()).toBe(true);
  });
});
