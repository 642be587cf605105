import { expect, test } from "vitest";
import { event } from "../../testing/more-objects.ts";
import { at, pod, waiting } from "../../testing/objects.ts";
import { look, settled } from "../../testing/scenes.ts";
import { volumeUnavailableDetector } from "./volume-unavailable.ts";

const MULTI = 'Multi-Attach error for volume "pv-7" Volume is already used by pod(s) cart-0-z';
const claimed = { spec: { volumes: [{ name: "data", persistentVolumeClaim: { claimName: "cart-data" } }] } };

function stuck(message: string, over: Parameters<typeof pod>[1] = {}) {
  const objects = settled({
    template: claimed,
    pods: (set) => [pod("cart-1-a", { ownedBy: set, phase: "Pending", statuses: [waiting("ContainerCreating")], ...over })],
  });
  return [...objects, event(objects[2] as never, "FailedAttachVolume", message, 20)];
}

test("a volume that cannot be attached is reported after its window, with the claim as its cause", () => {
  expect(look(volumeUnavailableDetector, { objects: stuck(MULTI), now: 60 })).toEqual({ recheckAt: at(121) });
  const { finding } = look(volumeUnavailableDetector, { objects: stuck(MULTI), now: 121 });
  expect(finding).toMatchObject({ since: at(1), cause: { kind: "PersistentVolumeClaim", namespace: "shop", name: "cart-data" } });
  expect(finding?.summary).toContain("cart-1-a waits for its volume of PersistentVolumeClaim cart-data: Multi-Attach error");
});

test("a slow start without a failure, and a pod that got its volume, are silent", () => {
  const slow = settled({ template: claimed, pods: (set) => [pod("cart-1-a", { ownedBy: set, phase: "Pending", statuses: [waiting("ContainerCreating")] })] });
  expect(look(volumeUnavailableDetector, { objects: slow, now: 900 })).toEqual({});
  const there = { phase: "Running", statuses: undefined } as object;
  expect(look(volumeUnavailableDetector, { objects: stuck(MULTI, there), now: 900 })).toEqual({});
});

test("a pod without a claim waits for something else", () => {
  expect(look(volumeUnavailableDetector, { objects: stuck(MULTI, { spec: { volumes: [] } }), now: 900 })).toEqual({});
});
