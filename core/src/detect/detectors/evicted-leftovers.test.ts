import { expect, test } from "vitest";
import { at, condition, pod, stamp } from "../../testing/objects.ts";
import { look, readyPods, settled } from "../../testing/scenes.ts";
import { evictedLeftoversDetector } from "./evicted-leftovers.ts";

const LOW = "The node was low on resource: ephemeral-storage. Threshold quantity: 1Gi, available: 900Mi.";
const over = { phase: "Failed", reason: "Evicted", message: LOW, statuses: [], conditions: [condition("Ready", "False", { lastTransitionTime: stamp(100) })] };
const cart = (count: number, more: Parameters<typeof pod>[1] = {}) =>
  settled({
    pods: (set) => [...readyPods(set, 2), ...Array.from({ length: count }, (_, i) => pod(`cart-1-evicted-${i}`, { ownedBy: set, ...over, ...more }))],
  });

test("evicted pods that still lie about are reported with the kubelet's words, and cost no replica", () => {
  const { finding } = look(evictedLeftoversDetector, { objects: cart(3), now: 700 });
  expect(finding).toMatchObject({ count: 3, lostShare: 0, since: at(100) });
  expect(finding?.summary).toContain("low on resource: ephemeral-storage");
});

test("fresh ones are given their time", () => {
  expect(look(evictedLeftoversDetector, { objects: cart(1), now: 300 })).toEqual({ recheckAt: at(700) });
});

test("more than twenty are counted, and twenty are named", () => {
  const { finding } = look(evictedLeftoversDetector, { objects: cart(25), now: 700 });
  expect(finding?.count).toBe(25);
  expect(finding?.members).toHaveLength(20);
});

test("pods that failed otherwise, succeeded, or are being deleted are no leftovers of an eviction", () => {
  expect(look(evictedLeftoversDetector, { objects: cart(1, { reason: "NodeShutdown" }), now: 900 })).toEqual({});
  expect(look(evictedLeftoversDetector, { objects: cart(1, { phase: "Succeeded", reason: "" }), now: 900 })).toEqual({});
  expect(look(evictedLeftoversDetector, { objects: cart(1, { metadata: { deletionTimestamp: stamp(200) } }), now: 900 })).toEqual({});
});

test("a bare pod that was evicted is a loss, not a leftover", () => {
  expect(evictedLeftoversDetector.subjects).not.toContain("Pod");
});
