import { expect, test } from "vitest";
import { applyPatch } from "../../testing/apply-patch.ts";
import { cordonedNode, node } from "../../testing/more-objects.ts";
import { condition, ref } from "../../testing/objects.ts";
import { draftOf, reasonOf } from "../../testing/plans.ts";
import { uncordon } from "./uncordon.ts";

const target = ref("Node", "worker-1");

test("pods may be scheduled again, and undoing it cordons again", () => {
  const cordoned = cordonedNode("worker-1", 0);
  const draft = draftOf(uncordon, target, [cordoned]);
  expect(draft.steps[0]).toMatchObject({ patch: [{ op: "test" }, { op: "test", value: true }, { op: "replace", path: "/spec/unschedulable", value: false }] });
  expect(draft.inverse.type).toBe("compensating");
  // The API server leaves false out of what it keeps.
  const { unschedulable: _, ...spec } = cordoned.spec;
  const back = draft.inverse.type === "compensating" ? draft.inverse.steps[0] : undefined;
  expect(applyPatch({ ...cordoned, spec }, back?.verb === "patch" ? back.patch : [])).toMatchObject({ spec: { unschedulable: true } });
});

test.each([
  ["not cordoned", [node("worker-1")], "is not cordoned"],
  ["not ready", [cordonedNode("worker-1", 0, { status: { conditions: [condition("Ready", "Unknown")] } })], "is not ready"],
  ["gone", [], "is gone"],
] as const)("a node that is %s is left alone", (_, objects, reason) => {
  expect(reasonOf(uncordon, target, objects)).toContain(reason);
});
