import { expect, test } from "vitest";
import type { ClusterObject } from "../../model/kube.ts";
import { cordonedNode, node } from "../../testing/more-objects.ts";
import { condition, pod, ref, stamp } from "../../testing/objects.ts";
import { caseOf, findingsOf } from "../../testing/scenes.ts";
import { patternOf } from "../evidence.ts";
import { forgottenCordon } from "./forgotten-cordon.ts";

const scene = (...objects: readonly ClusterObject[]) => ({ objects, now: 9_000, subject: ref("Node", "worker-1") });
const managers = [{ manager: "kubectl-cordon", operation: "Update", time: stamp(100), subresource: "", paths: ["/spec/unschedulable"] }];
const pattern = (given: ReturnType<typeof caseOf>) => patternOf(forgottenCordon.examine(given) ?? []);

test("a ready node that nobody explains is uncordoned, when asked: a person may have meant it", () => {
  const given = caseOf(scene(cordonedNode("worker-1", 100, { metadata: { managers } })));
  expect(forgottenCordon.maybeMeant).toBe(true);
  expect(pattern(given)).toBe("+cordoned +no-reason +node-ready");
  expect(forgottenCordon.examine(given)?.[0]?.text).toBe("it was cordoned 2 h ago by kubectl-cordon");
  expect(forgottenCordon.remedies(given)).toMatchObject([{ action: "uncordon", target: { kind: "Node", name: "worker-1" } }]);
});

test("a reason on the node, pods that are leaving, or a dead kubelet each rule it out", () => {
  const reason = cordonedNode("worker-1", 100, { metadata: { annotations: { "weave.works/kured-reboot-in-progress": "true" } } });
  const leaving = pod("cart-a", { metadata: { deletionTimestamp: stamp(8_990) } });
  const dead = cordonedNode("worker-1", 100, { status: { conditions: [condition("Ready", "Unknown")] } });
  expect(pattern(caseOf(scene(reason)))).toBe("+cordoned -no-reason +node-ready");
  expect(pattern(caseOf(scene(cordonedNode("worker-1", 100), leaving)))).toBe("+cordoned +no-reason +node-ready -work-under-way");
  expect(pattern(caseOf(scene(dead)))).toBe("+cordoned +no-reason -node-ready");
  for (const objects of [[reason], [cordonedNode("worker-1", 100), leaving], [dead]]) expect(forgottenCordon.remedies(caseOf(scene(...objects)))).toEqual([]);
});

test("it is healed when the node takes pods and is ready", () => {
  expect(forgottenCordon.healthy(caseOf(scene(cordonedNode("worker-1", 100))))).toMatchObject({ answer: "unhealthy" });
  expect(forgottenCordon.healthy(caseOf(scene(node("worker-1"))))).toMatchObject({ answer: "healthy" });
});

test("a cordon of minutes ago, and a node in the middle of a drain, are silent", () => {
  expect(findingsOf({ ...scene(cordonedNode("worker-1", 8_000)) })).toEqual([]);
  expect(findingsOf(scene(cordonedNode("worker-1", 100), pod("cart-a", { metadata: { deletionTimestamp: stamp(8_990) } })))).toEqual([]);
});
