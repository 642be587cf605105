import { describe, expect, test } from "vitest";
import { isWell, podsOf } from "../scenario/stage.ts";
import { slowImagePull } from "./slow-image-pull.ts";
import { watchScene } from "./testing/watch-scene.ts";

describe("slow image pull", () => {
  test("new pods are in ContainerCreating for more than a minute, and then run", () => {
    const { stage, scene, wait } = watchScene(slowImagePull);
    const [ref] = scene.targets;
    if (ref === undefined) throw new Error("no target");
    wait(1);
    const waiting = podsOf(stage, ref).flatMap((pod) => pod.status.containerStatuses.map((status) => status.state.waiting?.reason));
    expect(waiting).toContain("ContainerCreating");
    wait(40);
    expect(isWell(stage, ref) && scene.isWell()).toBe(true);
  });
});
