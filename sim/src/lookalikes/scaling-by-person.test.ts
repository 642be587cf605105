import { describe, expect, test } from "vitest";
import { isWell, podsOf } from "../scenario/stage.ts";
import { scalingByPerson } from "./scaling-by-person.ts";
import { watchScene } from "./testing/watch-scene.ts";

describe("scaling by person", () => {
  test("more replicas for a while, then as many as before, all ready", () => {
    const { stage, scene, wait } = watchScene(scalingByPerson);
    const [ref] = scene.targets;
    if (ref === undefined) throw new Error("no target");
    const before = stage.apps.find((app) => app.ref === ref)?.replicas ?? 0;
    wait(2);
    expect(podsOf(stage, ref).length).toBeGreaterThan(before);
    expect(scene.isWell()).toBe(true);
    wait(25);
    expect(podsOf(stage, ref)).toHaveLength(before);
    expect(isWell(stage, ref) && scene.isWell()).toBe(true);
  });
});
