import { expect, test } from "vitest";
import { node } from "../../testing/more-objects.ts";
import { condition, pod, stamp } from "../../testing/objects.ts";
import { caseOf, findingsOf, readyPods, settled } from "../../testing/scenes.ts";
import { patternOf } from "../evidence.ts";
import { evictedLeftovers } from "./evicted-leftovers.ts";

const gone = {
  phase: "Failed",
  reason: "Evicted",
  message: "The node was low on resource: memory.",
  statuses: [],
  conditions: [condition("Ready", "False", { lastTransitionTime: stamp(100) })],
};
const scene = (count: number, ready = 2, more: Parameters<typeof caseOf>[0]["objects"] = []) => ({
  objects: [
    ...settled({
      deployment: { status: { availableReplicas: ready } },
      pods: (set) => [...readyPods(set, ready), ...Array.from({ length: count }, (_, i) => pod(`cart-1-x${i}`, { ownedBy: set, ...gone }))],
    }),
    ...more,
  ],
  now: 1_000,
});
const pattern = (given: ReturnType<typeof caseOf>) => patternOf(evictedLeftovers.examine(given) ?? []);

test("leftovers of a workload that is well are tidied up by name", () => {
  const given = caseOf(scene(2));
  expect(pattern(given)).toBe("+evicted +owner-well");
  expect(evictedLeftovers.remedies(given)).toMatchObject([
    { action: "delete-finished-pods", target: { kind: "Deployment" }, params: { pods: ["cart-1-x0", "cart-1-x1"] } },
  ]);
  expect(evictedLeftovers.healthy(given).answer).toBe("unhealthy");
});

test("one act deletes no more than fifty", () => {
  const [remedy] = evictedLeftovers.remedies(caseOf(scene(60)));
  expect(remedy?.params["pods"]).toHaveLength(50);
});

test("an owner that is not well, and a node still under pressure, speak against tidying up being all", () => {
  const pressed = node("worker-1", { status: { conditions: [condition("Ready", "True"), condition("MemoryPressure", "True")] } });
  expect(pattern(caseOf(scene(2, 1, [pressed])))).toBe("+evicted -owner-well -pressure-now");
});

test("once none is left it is healed; without a live view nobody knows", () => {
  expect(evictedLeftovers.healthy(caseOf(scene(0)))).toMatchObject({ answer: "healthy" });
  expect(evictedLeftovers.healthy(caseOf({ ...scene(0), health: { Pod: "stale" } }))).toMatchObject({ answer: "unknown" });
});

test("fresh evictions and pods that simply ended are silent", () => {
  expect(findingsOf({ ...scene(2), now: 300 })).toEqual([]);
  const ended = settled({ pods: (set) => [...readyPods(set, 2), pod("cart-1-done", { ownedBy: set, phase: "Succeeded", statuses: [] })] });
  expect(findingsOf({ objects: ended, now: 9_000 })).toEqual([]);
});
