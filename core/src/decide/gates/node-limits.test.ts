import { expect, test } from "vitest";
import { decideInput, evictPlan, nodePlan } from "../../testing/decide-input.ts";
import { cordonedNode, node } from "../../testing/more-objects.ts";
import { ref } from "../../testing/objects.ts";
import { nodeLimits } from "./node-limits.ts";

const pool = (size: number, cordoned: number, first = 2) =>
  Array.from({ length: size }, (_, i) => (i < cordoned ? cordonedNode(`worker-${i + first}`, 0) : node(`worker-${i + first}`)));

test("one node at a time", () => {
  const inFlight = [{ incident: "inc-1", target: ref("Node", "worker-9"), claims: [ref("Node", "worker-9")] }];
  expect(nodeLimits.check(decideInput({ plan: nodePlan(), inFlight }))).toMatchObject({
    answer: "block",
    reason: expect.stringContaining("worker-9 is being acted on"),
  });
});

test("taking a node out counts the cordoned ones: a tenth of the pool, but at least one", () => {
  const cordon = nodePlan("worker-1", true);
  expect(nodeLimits.check(decideInput({ plan: cordon, objects: pool(2, 0) })).answer).toBe("pass");
  expect(nodeLimits.check(decideInput({ plan: cordon, objects: pool(2, 1) })).answer).toBe("block");
  expect(nodeLimits.check(decideInput({ plan: cordon, objects: pool(19, 1) })).answer).toBe("pass");
  expect(nodeLimits.check(decideInput({ plan: cordon, objects: pool(19, 2) })).answer).toBe("block");
});

test("a node that is given back does not count, many other cordons still look like somebody's work", () => {
  const own = cordonedNode("worker-1", 0);
  expect(nodeLimits.check(decideInput({ plan: nodePlan(), objects: [own, ...pool(3, 1)] })).answer).toBe("pass");
  expect(nodeLimits.check(decideInput({ plan: nodePlan(), objects: [own, ...pool(3, 2)] }))).toMatchObject({
    answer: "block",
    reason: expect.stringContaining("2 of 4 nodes of the nodes without a role would be out of use, 1 may: worker-2, worker-3"),
  });
});

test("another pool's cordons do not count", () => {
  const gpu = cordonedNode("gpu-1", 0, { metadata: { labels: { "node-role.kubernetes.io/gpu": "" } } });
  expect(nodeLimits.check(decideInput({ plan: nodePlan("worker-1", true), objects: [gpu] })).answer).toBe("pass");
});

test("what touches no node has no such limit, and a node that is not seen is unknown", () => {
  expect(nodeLimits.check(decideInput({ plan: evictPlan() })).answer).toBe("not-applicable");
  expect(nodeLimits.check(decideInput({ plan: nodePlan("gone") })).answer).toBe("unknown");
});
