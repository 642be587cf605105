import { describe, expect, test } from "vitest";
import { headlessService } from "./headless-service.ts";
import { watchScene } from "./testing/watch-scene.ts";

describe("headless service", () => {
  test("its slice is empty and that is as it should be", () => {
    const { stage, scene, wait } = watchScene(headlessService);
    wait(5);
    const { store } = stage.cluster.world;
    expect(store.get("Service", scene.targets[0]?.namespace ?? "", scene.targets[0]?.name ?? "")?.spec.clusterIP).toBe("None");
    const slice = store.list("EndpointSlice").find((one) => one.metadata.labels["kubernetes.io/service-name"] === scene.targets[0]?.name);
    expect(slice?.endpoints).toEqual([]);
    expect(scene.isWell()).toBe(true);
  });
});
