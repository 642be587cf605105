import { describe, expect, test } from "vitest";
import { selectorlessService } from "./selectorless-service.ts";
import { watchScene } from "./testing/watch-scene.ts";

describe("selectorless service", () => {
  test("nobody makes an EndpointSlice for it", () => {
    const { stage, scene, wait } = watchScene(selectorlessService);
    wait(5);
    const slices = stage.cluster.world.store.list("EndpointSlice").map((slice) => slice.metadata.labels["kubernetes.io/service-name"]);
    expect(slices).not.toContain(scene.targets[0]?.name);
    expect(scene.isWell()).toBe(true);
  });
});
