import fc from "fast-check";
import { expect, test } from "vitest";
import type { Finding } from "../model/finding.ts";
import type { ClusterObject } from "../model/kube.ts";
import { PolicySpec } from "../model/policy.ts";
import { type Ref, refKey } from "../model/ref.ts";
import { viewOf } from "../testing/array-view.ts";
import { node, service } from "../testing/more-objects.ts";
import { at, deployment, pod, ref, replicaSet } from "../testing/objects.ts";
import { correlate } from "./correlate.ts";
import { WHOLE_CLUSTER } from "./storm.ts";

const POLICY = PolicySpec.parse({});
const NOW = at(1_000);

function finding(detector: string, subject: Ref, over: Partial<Finding> = {}): Finding {
  return { detector, subject, since: at(900), summary: `${detector} of ${subject.name}`, members: [], count: 1, lostShare: 0.5, ...over };
}

function nodes(count: number, zones = 1): ClusterObject[] {
  return Array.from({ length: count }, (_, i) => node(`n${i}`, { metadata: { labels: { "topology.kubernetes.io/zone": `z${i % zones}` } } }));
}

const down = (i: number, over: Partial<Finding> = {}) => finding("node-not-ready", ref("Node", `n${i}`), over);
const groups = (findings: readonly Finding[], objects: readonly ClusterObject[]) => correlate(findings, viewOf(objects), NOW, POLICY).groups;
const subjects = (findings: readonly Finding[], objects: readonly ClusterObject[]) => groups(findings, objects).map((group) => refKey(group.subject));

test("findings of one owner are one trouble", () => {
  const cart = ref("Deployment", "cart");
  const [group] = groups([finding("image-pull", cart), finding("rollout-stalled", cart)], [deployment()]);
  expect(group?.findings).toHaveLength(2);
});

test("a node that is not ready explains a workload whose failing pods are all on it, and only then", () => {
  const cart = deployment();
  const set = replicaSet(cart, 1);
  const objects = [...nodes(10), cart, set, pod("a", { ownedBy: set, spec: { nodeName: "n0" } }), pod("b", { ownedBy: set, spec: { nodeName: "n1" } })];
  const sick = (...names: string[]) => finding("pod-not-ready", ref("Deployment", "cart"), { members: names.map((name) => ref("Pod", name)) });
  const [alone] = groups([down(0), sick("a")], objects);
  expect(alone).toMatchObject({ subject: { kind: "Node", name: "n0" }, explains: [{ subject: { name: "cart" } }] });
  expect(subjects([down(0), sick("a", "b")], objects)).toHaveLength(2);
});

test("victims of one missing thing stand together under the first of them", () => {
  const cause = ref("ConfigMap", "conf");
  const found = ["web", "cart", "pay"].map((name) => finding("container-config", ref("Deployment", name), { cause }));
  const [group, ...others] = groups(found, []);
  expect(others).toEqual([]);
  expect(group).toMatchObject({ subject: { name: "cart" } });
  expect(group?.explains.map((other) => other.subject.name)).toEqual(["pay", "web"]);
});

test("owners that wait for one claim are one trouble, whether their pods are unscheduled or unmounted", () => {
  const cause = { kind: "PersistentVolumeClaim", namespace: "shop", name: "media" } as const;
  const found = [
    finding("pod-unschedulable", ref("Deployment", "web"), { cause }),
    finding("volume-unavailable", ref("StatefulSet", "store"), { cause }),
    finding("volume-unavailable", ref("Job", "import"), { cause }),
    finding("pod-unschedulable", ref("Deployment", "cart"), { cause: { ...cause, name: "cart-data" } }),
  ];
  const [cart, group, ...others] = groups(found, []);
  expect(others).toEqual([]);
  expect(cart).toMatchObject({ subject: { name: "cart" }, explains: [] });
  expect(group?.subject.name).toBe("web");
  expect(group?.explains).toEqual([
    { subject: ref("Job", "import"), why: "the same cause: PersistentVolumeClaim shop/media" },
    { subject: ref("StatefulSet", "store"), why: "the same cause: PersistentVolumeClaim shop/media" },
  ]);
});

test("a victim with a further reason of its own stands for itself; a rollout that stalls by the same is no further reason", () => {
  const cause = { kind: "Secret", namespace: "shop", name: "keys" } as const;
  const found = ["cart", "web"].map((name) => finding("container-config", ref("Deployment", name), { cause }));
  expect(subjects([...found, finding("rollout-stalled", ref("Deployment", "web"))], [])).toEqual(["Deployment/shop/cart"]);
  expect(subjects([...found, finding("image-pull", ref("Deployment", "web"))], [])).toEqual(["Deployment/shop/cart", "Deployment/shop/web"]);
});

test("what was ill before its node was lost is not the node's doing", () => {
  const cart = deployment();
  const set = replicaSet(cart, 1);
  const objects = [...nodes(10), cart, set, pod("a", { ownedBy: set, spec: { nodeName: "n0" } })];
  const sick = (since: number) => finding("container-crashing", ref("Deployment", "cart"), { since: at(since), members: [ref("Pod", "a")] });
  expect(subjects([down(0), sick(880)], objects)).toEqual(["Node//n0"]);
  expect(subjects([down(0), sick(700)], objects)).toEqual(["Deployment/shop/cart", "Node//n0"]);
});

test("a workload in trouble explains the Service that selects its pods, also when it has none", () => {
  const found = [finding("service-without-endpoints", ref("Service", "cart")), finding("scaled-to-zero", ref("Deployment", "cart"))];
  expect(subjects(found, [service(), deployment()])).toEqual(["Deployment/shop/cart"]);
});

test("a fifth of the nodes, or a whole zone, is a storm; one lost node is none, however many had pods there", () => {
  expect(subjects([down(0), down(1)], nodes(10))).toEqual([refKey(WHOLE_CLUSTER)]);
  expect(subjects([down(0), down(1)], nodes(20))).toHaveLength(2);
  expect(subjects([down(0), down(4), down(8), down(12)], nodes(40, 4))).toHaveLength(4);
  expect(subjects([down(0), down(5), down(10), down(15)], nodes(20, 5))).toEqual([refKey(WHOLE_CLUSTER)]);
  const onOne = Array.from({ length: 12 }, (_, i) => finding("pod-not-ready", ref("Deployment", `d${i}`), { cause: ref("Node", "n0") }));
  expect(subjects([down(0), ...onOne], nodes(10))).not.toContain(refKey(WHOLE_CLUSTER));
});

test("ten owners within five minutes are a storm; spread over an hour they are not", () => {
  const many = (since: (i: number) => number) =>
    Array.from({ length: 10 }, (_, i) => finding("container-crashing", ref("Deployment", `d${i}`), { since: since(i) }));
  expect(
    subjects(
      many(() => at(900)),
      nodes(10),
    ),
  ).toEqual([refKey(WHOLE_CLUSTER)]);
  expect(
    subjects(
      many((i) => at(900 - i * 360)),
      nodes(10),
    ),
  ).toHaveLength(10);
});

test("whatever the order of the findings, each is in one group or explained by one, and the groups are the same", () => {
  const cause = ref("ConfigMap", "conf");
  const pool = [
    down(0),
    finding("container-config", ref("Deployment", "a"), { cause }),
    finding("container-config", ref("Deployment", "b"), { cause }),
    finding("container-config", ref("Deployment", "b2"), { cause: ref("Deployment", "a") }),
    finding("quota", ref("Deployment", "a2"), { cause: ref("Deployment", "b2") }),
    finding("service-without-endpoints", ref("Service", "cart")),
    finding("scaled-to-zero", ref("Deployment", "cart")),
  ];
  const objects = [...nodes(10), service(), deployment()];
  fc.assert(
    fc.property(fc.shuffledSubarray(pool), (some) => {
      const result = groups(some, objects);
      const placed = result.flatMap((group) => [refKey(group.subject), ...group.explains.map((other) => refKey(other.subject))]);
      expect(placed.toSorted()).toEqual([...new Set(some.map((one) => refKey(one.subject)))].toSorted());
      expect(groups(some.toReversed(), objects)).toEqual(result);
    }),
  );
});
