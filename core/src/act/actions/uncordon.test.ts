import { expect, test } from "vitest";
import { cordonedNode, node } from "../../testing/more-objects.ts";
import { condition, ref } from "../../testing/objects.ts";
import { draftOf, reasonOf } from "../../testing/plans.ts";
import { uncordon } from "./uncordon.ts";

const target = ref("Node", "worker-1");

test("pods may be scheduled again, and undoing it cordons again, unless somebody has", () => {
  const draft = draftOf(uncordon, target, [cordonedNode("worker-1", 0)]);
  expect(draft.steps[0]).toMatchObject({ patch: [{ op: "test" }, { op: "test", value: true }, { op: "remove", path: "/spec/unschedulable" }] });
  expect(draft.inverse).toMatchObject({
    type: "exact",
    steps: [{ patch: [{ op: "test" }, { op: "test", path: "/spec/unschedulable", value: null }, { op: "add", path: "/spec/unschedulable", value: true }] }],
  });
});

test.each([
  ["not cordoned", [node("worker-1")], "is not cordoned"],
  ["not ready", [cordonedNode("worker-1", 0, { status: { conditions: [condition("Ready", "Unknown")] } })], "is not ready"],
  ["gone", [], "is gone"],
] as const)("a node that is %s is left alone", (_, objects, reason) => {
  expect(reasonOf(uncordon, target, objects)).toContain(reason);
});
