import { expect, test } from "vitest";
import { cordonedNode, node } from "../../testing/more-objects.ts";
import { container, pod, unscheduledPod } from "../../testing/objects.ts";
import { bornAt, caseOf, findingsOf, rollout, settled } from "../../testing/scenes.ts";
import { patternOf } from "../evidence.ts";
import { unschedulable } from "./unschedulable.ts";

const FULL = "0/2 nodes are available: 2 Insufficient cpu. preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod.";
const TAINT = "0/2 nodes are available: 2 node(s) had untolerated taint(s). preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.";
const asks = (cpu: string) => ({ containers: [container({ resources: { requests: { cpu, memory: "256Mi" } } })] });
const neighbour = pod("hog", { spec: { containers: [container({ resources: { requests: { cpu: "3500m" } } })], nodeName: "worker-1" } });
const scene = (message = FULL, more: Parameters<typeof caseOf>[0]["objects"] = []) => ({
  objects: [...settled({ template: asks("1"), pods: (set) => [unscheduledPod("cart-1-a", message, { ownedBy: set })] }), node("worker-1"), neighbour, ...more],
  now: 300,
});
const pattern = (given: ReturnType<typeof caseOf>) => patternOf(unschedulable.examine(given) ?? []);

test("the arithmetic of every open node is shown, and without a cause to undo a person decides", () => {
  const given = caseOf(scene(FULL, [cordonedNode("worker-2", 0)]));
  expect(pattern(given)).toBe("+no-node-has-room +says-insufficient");
  expect(unschedulable.examine(given)?.[1]?.text).toBe(
    "it asks for 1 cores and 256 Mi; 0 of 1 open nodes have that free: worker-1 0.5 cores of 4 cores free and 8192 Mi of 8192 Mi free; 1 closed",
  );
  expect(unschedulable.remedies(given)).toEqual([]);
});

test("a request that no node could ever meet is said to be one", () => {
  const objects = [...settled({ template: asks("64"), pods: (set) => [unscheduledPod("cart-1-a", FULL, { ownedBy: set })] }), node("worker-1")];
  expect(unschedulable.examine(caseOf({ objects, now: 300 }))?.[1]?.text).toContain("not even an empty node would do");
});

test("room that has come free by now speaks against it", () => {
  expect(pattern(caseOf(scene(FULL, [node("worker-2")])))).toBe("-no-node-has-room +says-insufficient");
});

test("a request that grew with a new revision is taken back with it", () => {
  const objects = rollout({
    old: asks("100m"),
    next: asks("64"),
    newPods: (set) => [unscheduledPod("cart-2-a", FULL, { ownedBy: set, metadata: bornAt(3_600) }, 3_600)],
  });
  const given = caseOf({ objects: [...objects, node("worker-1")], now: 3_800 });
  expect(pattern(given)).toBe("+no-node-has-room +request-grew +says-insufficient");
  expect(unschedulable.examine(given)?.at(-1)?.text).toContain("64 cores instead of 0.1 cores");
  expect(unschedulable.remedies(given)).toEqual([{ action: "roll-back", target: given.subject, params: {} }]);
});

test("taints and affinities are another reason", () => {
  expect(pattern(caseOf(scene(TAINT)))).toBe("-another-reason +no-node-has-room -says-insufficient");
});

test("a pod that waits for an autoscaler, and one that found its node, are silent", () => {
  expect(findingsOf({ ...scene(), now: 60 })).toEqual([]);
  expect(findingsOf({ objects: [...settled({ template: asks("1") }), node()], now: 300 })).toEqual([]);
});
