import { expect, test } from "vitest";
import { cordonedNode, node } from "../testing/more-objects.ts";
import { template } from "../testing/objects.ts";
import type { Taint, Toleration } from "./kube.ts";
import { isOpenTo } from "./placement.ts";

const pod = (over: object = {}) => ({ ...template().spec, ...over });
const tainted = (...taints: readonly Taint[]) => node("n1", { spec: { taints } });
const CONTROL_PLANE = { key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" };

test("a ready node without taints takes any pod, one that is cordoned or not ready takes none", () => {
  expect(isOpenTo(pod(), node("n1"))).toBe(true);
  expect(isOpenTo(pod(), cordonedNode("n1", 0))).toBe(false);
  expect(isOpenTo(pod(), node("n1", { spec: { unschedulable: true } }))).toBe(false);
  expect(isOpenTo(pod(), node("n1", { status: { conditions: [] } }))).toBe(false);
});

test.each<[string, readonly Toleration[], boolean]>([
  ["none", [], false],
  ["everything", [{ operator: "Exists" }], true],
  ["the key", [{ key: CONTROL_PLANE.key, operator: "Exists", effect: "NoSchedule" }], true],
  ["the key with its empty value", [{ key: CONTROL_PLANE.key }], true],
  ["another value", [{ key: CONTROL_PLANE.key, value: "x" }], false],
  ["another effect", [{ key: CONTROL_PLANE.key, operator: "Exists", effect: "NoExecute" }], false],
  ["another key", [{ key: "gpu", operator: "Exists" }], false],
])("a taint, where the pod tolerates %s", (_, tolerations, isOpen) => {
  expect(isOpenTo(pod({ tolerations }), tainted(CONTROL_PLANE))).toBe(isOpen);
});

test("a taint that only asks to be avoided keeps nobody out", () => {
  expect(isOpenTo(pod(), tainted({ key: "old", effect: "PreferNoSchedule" }))).toBe(true);
});

test("the node selector", () => {
  const fast = node("n1", { metadata: { labels: { disk: "fast" } } });
  expect(isOpenTo(pod({ nodeSelector: { disk: "fast" } }), fast)).toBe(true);
  expect(isOpenTo(pod({ nodeSelector: { disk: "slow" } }), fast)).toBe(false);
});

test.each([
  ["In", ["a", "b"], true],
  ["In", ["b"], false],
  ["NotIn", ["b"], true],
  ["NotIn", ["a"], false],
  ["Exists", [], true],
  ["DoesNotExist", [], false],
  ["Gt", ["3"], false],
  ["Unheard", [], false],
])("required affinity: zone %s %j", (operator, values, isOpen) => {
  const terms = [{ matchExpressions: [{ key: "zone", operator, values }] }];
  const affinity = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } } };
  expect(isOpenTo(pod({ affinity }), node("n1", { metadata: { labels: { zone: "a" } } }))).toBe(isOpen);
});

test("numbers, the node's name, and that one term is enough", () => {
  const asks = (...nodeSelectorTerms: readonly object[]) =>
    pod({ affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } } });
  const big = node("n1", { metadata: { labels: { cores: "8" } } });
  const more = { matchExpressions: [{ key: "cores", operator: "Gt", values: ["4"] }] };
  const fewer = { matchExpressions: [{ key: "cores", operator: "Lt", values: ["4"] }] };
  const named = (name: string) => ({ matchFields: [{ key: "metadata.name", operator: "In", values: [name] }] });
  expect(isOpenTo(asks(more), big)).toBe(true);
  expect(isOpenTo(asks(fewer), big)).toBe(false);
  expect(isOpenTo(asks(fewer, named("n1")), big)).toBe(true);
  expect(isOpenTo(asks({ ...more, ...named("n2") }), big)).toBe(false);
});
