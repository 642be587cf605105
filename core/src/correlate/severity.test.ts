import { expect, test } from "vitest";
import type { Finding } from "../model/finding.ts";
import type { ClusterObject } from "../model/kube.ts";
import { viewOf } from "../testing/array-view.ts";
import { service } from "../testing/more-objects.ts";
import { at, deployment, pod, ref, replicaSet, template } from "../testing/objects.ts";
import { impactOf, severityOf } from "./severity.ts";

const SYSTEM = 2_000_000_000;

test.each([
  [0, "none", 0, "low"],
  [0.3, "none", 0, "low"],
  [0.5, "none", 0, "medium"],
  [0, "reduced", 0, "medium"],
  [0, "none", 1, "medium"],
  [0, "none", SYSTEM, "medium"],
  [1, "none", 0, "high"],
  [0.5, "reduced", 1, "high"],
  [0.9, "out", 0, "high"],
  [1, "out", 0, "critical"],
  [1, "none", SYSTEM, "critical"],
  [0, "out", SYSTEM, "high"],
] as const)("%d lost, Service %s, priority %i: %s", (lostShare, service, priority, expected) => {
  expect(severityOf({ lostShare, service, priority })).toBe(expected);
});

const cart = deployment("cart", { spec: { template: template({ labels: { app: "cart" } }) } });
const set = replicaSet(cart, 1);
const found = (over: Partial<Finding> = {}): Finding => ({
  detector: "scaled-to-zero",
  subject: ref("Deployment", "cart"),
  since: at(0),
  summary: "",
  members: [],
  count: 1,
  lostShare: 1,
  ...over,
});
const impact = (objects: readonly ClusterObject[], ...findings: readonly Finding[]) => impactOf(findings, viewOf(objects));

test("a Service whose workload has no pod at all is out", () => {
  const none = impact([cart, service("cart")], found());
  expect(none).toEqual({ lostShare: 1, service: "out", priority: 0 });
  expect(severityOf(none)).toBe("critical");
});

test("a Service is out, reduced or not concerned by the pods that it selects", () => {
  const [sick, well] = [pod("cart-a", { ownedBy: set, readySince: 5, phase: "Pending", statuses: [] }), pod("cart-b", { ownedBy: set })];
  const unready = { ...sick, status: { ...sick.status, conditions: [] } };
  const one = found({ lostShare: 0.5, members: [ref("Pod", "cart-a")] });
  expect(impact([cart, set, unready, service("cart")], one).service).toBe("out");
  expect(impact([cart, set, unready, well, service("cart")], one).service).toBe("reduced");
  expect(impact([cart, set, unready, service("web", { spec: { selector: { app: "web" } } })], one).service).toBe("none");
  expect(impact([cart, service("cart", { spec: { selector: {} } })], one).service).toBe("none");
});

test("a Service that is itself what is wrong is concerned", () => {
  const wrong = service("cart", { spec: { selector: { app: "catr" } } });
  expect(impact([cart, wrong], found({ detector: "service-without-endpoints", subject: ref("Service", "cart") })).service).toBe("out");
});

test("the priority is the pods', or the template's where there are none", () => {
  const urgent = pod("cart-a", { ownedBy: set, spec: { priority: 1_000 } });
  expect(impact([cart, set, urgent], found({ members: [ref("Pod", "cart-a")] })).priority).toBe(1_000);
  const spec = { ...cart.spec.template.spec, priorityClassName: "system-cluster-critical" };
  const system = { ...cart, spec: { ...cart.spec, template: { ...cart.spec.template, spec } } };
  expect(impact([system], found()).priority).toBe(SYSTEM);
});
