import { controllerOf } from "@kintsugi/core";
import { describe, expect, test } from "vitest";
import { isWell } from "../scenario/stage.ts";
import { drain } from "./drain.ts";
import { watchScene } from "./testing/watch-scene.ts";

describe("drain", () => {
  test("the node is emptied but for its daemons, and takes pods again afterwards", () => {
    const { stage, scene, wait } = watchScene(drain);
    const name = scene.targets[0]?.name ?? "";
    wait(2);
    const { store } = stage.cluster.world;
    expect(store.get("Node", "", name)?.spec.unschedulable).toBe(true);
    expect(store.podsOn(name).every((pod) => controllerOf(pod)?.kind === "DaemonSet")).toBe(true);
    wait(20);
    expect(store.get("Node", "", name)?.spec.unschedulable).toBe(false);
    expect(scene.isWell()).toBe(true);
    expect(stage.apps.every((app) => isWell(stage, app.ref))).toBe(true);
  });
});
