import { expect, test } from "vitest";
import type { ClusterObject } from "../../model/kube.ts";
import { viewOf } from "../../testing/array-view.ts";
import { CLUSTER, cart, cartPods, cartSet, decideInput, evictPlan, nodePlan, shop, worker } from "../../testing/decide-input.ts";
import { offSwitch } from "./off-switch.ts";

const switched = (object: ClusterObject | undefined, value: string): ClusterObject => {
  if (object === undefined) throw new Error("no such object");
  return { ...object, metadata: { ...object.metadata, annotations: { "kintsugi.dev/mode": value } } } as ClusterObject;
};

test.each([
  ["the namespace", shop],
  ["the target", cartPods[0]],
  ["the owner between", cartSet],
  ["the root owner", cart],
  ["the node that the pod runs on", worker],
])("off on %s holds", (_, carrier) => {
  const answer = offSwitch.check(decideInput({ plan: evictPlan(), objects: [switched(carrier, "off")] }));
  expect(answer).toMatchObject({ answer: "block", reason: expect.stringContaining(`kintsugi.dev/mode: off on ${carrier?.kind}`) });
});

test.each([
  ["off", "block"],
  ["observe", "block"],
  ["suggest", "ask"],
  ["act", "pass"],
  ["offf", "block"],
] as const)("%s", (value, answer) => {
  expect(offSwitch.check(decideInput({ objects: [switched(cart, value)] })).answer).toBe(answer);
});

test("the strictest of several counts", () => {
  expect(offSwitch.check(decideInput({ objects: [switched(shop, "suggest"), switched(cart, "off")] })).answer).toBe("block");
});

test("a namespace that is not seen may carry one", () => {
  expect(offSwitch.check({ ...decideInput(), view: viewOf(CLUSTER.filter((object) => object !== shop)) }).answer).toBe("unknown");
});

test("a node has its own switch and no namespace", () => {
  expect(offSwitch.check(decideInput({ plan: nodePlan() })).answer).toBe("pass");
  expect(offSwitch.check(decideInput({ plan: nodePlan(), objects: [switched(worker, "observe")] })).answer).toBe("block");
});
