/** Stories of callers and callees through the whole engine: one trouble is one incident, and each trouble gets its own in the end. */
import { expect, test } from "vitest";
import type { ClusterObject } from "../model/kube.ts";
import { EngineBench, policy } from "../testing/engine-bench.ts";
import { namespaceObject, node, service } from "../testing/more-objects.ts";
import { container, deployment, pod, ref, replicaSet, running, template, unscheduledPod } from "../testing/objects.ts";
import { explain } from "./explain.ts";
import { liveIncidents } from "./state.ts";

const ORDERS = ref("Deployment", "orders");
const PAYMENTS = ref("Deployment", "payments");

function app(name: string, upstream: string) {
  const env = [{ name: "UPSTREAM_ADDR", value: upstream }];
  const owner = deployment(name, { spec: { replicas: 1, template: template({ labels: { app: name }, containers: [container({ env })] }) } });
  const set = replicaSet(owner, 1);
  const is = (ready: boolean, since: number): ClusterObject => pod(`${name}-1-a`, { ownedBy: set, statuses: [running({ ready })], readySince: since });
  return { objects: [owner, set, service(name, { spec: { selector: { app: name } } })], is };
}

function shop() {
  const bench = new EngineBench(policy());
  const orders = app("orders", "payments:8080");
  const payments = app("payments", "nobody.example.com:443");
  bench.see(namespaceObject("shop"), node(), ...orders.objects, ...payments.objects, orders.is(true, 6), payments.is(true, 6));
  bench.pass(60);
  return { bench, orders, payments };
}

const subjects = (bench: EngineBench) => liveIncidents(bench.state).map((incident) => incident.subject.name);
const lines = (bench: EngineBench) => explain(bench.state, ORDERS).lines.join("; ");

test("a caller of what is not served has no incident of its own, and whoever asks is told why", () => {
  const { bench, orders, payments } = shop();
  bench.see(payments.is(false, 60));
  bench.pass(20);
  bench.see(orders.is(false, 80));
  bench.pass(200);
  expect(subjects(bench)).toEqual(["payments"]);
  expect(lines(bench)).toContain(
    "explained by inc-1 of Deployment shop/payments: orders calls payments (env UPSTREAM_ADDR), which has no ready pod since 12:01 UTC",
  );
  const follows = "Deployment shop/orders: orders calls payments (env UPSTREAM_ADDR), which has no ready pod since 12:01 UTC";
  expect(explain(bench.state, PAYMENTS)).toMatchObject({ follows: [follows] });
  expect(explain(bench.state, PAYMENTS).lines).toContain(`it explains ${follows}`);
});

test("owners that wait for one claim are one incident, which no mode can heal: it escalates with the cluster's words", () => {
  const bench = new EngineBench(policy());
  const message = "0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.";
  const spec = { volumes: [{ name: "media", persistentVolumeClaim: { claimName: "media" } }] };
  const objects = ["gallery", "import", "web"].flatMap((name) => {
    const owner = deployment(name, { spec: { replicas: 1, template: template({ labels: { app: name }, spec }) }, status: { availableReplicas: 0 } });
    const set = replicaSet(owner, 1);
    return [owner, set, unscheduledPod(`${name}-1-a`, message, { ownedBy: set })];
  });
  bench.see(namespaceObject("shop"), node(), ...objects);
  bench.pass(600);
  expect(subjects(bench)).toEqual(["gallery"]);
  expect(bench.incident()).toMatchObject({ phase: "escalated", findings: [{ detector: "pod-unschedulable", cause: { name: "media" } }] });
  expect(bench.incident().title).toContain("unbound immediate PersistentVolumeClaims");
  expect(explain(bench.state, ref("Deployment", "web")).lines.join("; ")).toContain("the same cause: PersistentVolumeClaim shop/media");
});

test("the cause ends and the caller recovers with it: nothing was ever said of the caller", () => {
  const { bench, orders, payments } = shop();
  bench.see(payments.is(false, 60), orders.is(false, 80));
  bench.pass(240);
  bench.see(payments.is(true, 300));
  bench.pass(60);
  expect(subjects(bench)).toEqual(["payments"]);
  bench.see(orders.is(true, 360));
  bench.pass(1_200);
  expect([...bench.state.incidents.values()].map((incident) => incident.subject.name)).toEqual(["payments"]);
  expect(bench.phase(PAYMENTS)).toBe("resolved");
});

test("the cause ends and the caller is still ill: its own incident opens by itself when the other one is over", () => {
  const { bench, orders, payments } = shop();
  bench.see(payments.is(false, 60), orders.is(false, 80));
  bench.pass(240);
  bench.see(payments.is(true, 300));
  bench.pass(290);
  expect(subjects(bench)).toEqual(["payments"]);
  bench.pass(20);
  expect(bench.phase(PAYMENTS)).toBe("resolved");
  expect(subjects(bench)).toEqual(["orders"]);
  expect(bench.incident(ORDERS).since).toBe(Date.parse("2026-03-01T12:01:20Z"));
});

test("the cause lasts, but its Service is served by others: the caller's incident opens once it had the time of a restart", () => {
  const { bench, orders, payments } = shop();
  bench.see(payments.is(false, 60), orders.is(false, 80));
  bench.pass(240);
  bench.see(pod("payments-other", { metadata: { labels: { app: "payments" } }, readySince: 300 }));
  bench.pass(355);
  expect(subjects(bench)).toEqual(["payments"]);
  bench.pass(10);
  expect(subjects(bench)).toEqual(["payments", "orders"]);
});

test("a caller that is seen ill before its callee waits for it, and is told so", () => {
  const { bench, orders, payments } = shop();
  bench.see(payments.is(false, 100), orders.is(false, 70));
  bench.pass(110);
  expect(subjects(bench)).toEqual([]);
  expect(lines(bench)).toContain("it calls a Service that has no ready pod; what is wrong there is being looked at first");
  bench.pass(30);
  expect(subjects(bench)).toEqual(["payments"]);
});

test("a caller whose incident was open already is merged into what explains it, and the record says why", () => {
  const { bench, orders, payments } = shop();
  bench.see(orders.is(false, 80));
  bench.pass(120);
  expect(subjects(bench)).toEqual(["orders"]);
  bench.see(payments.is(false, 130));
  bench.pass(120);
  expect(subjects(bench)).toEqual(["payments"]);
  const merged = bench.incident(ORDERS);
  expect(merged).toMatchObject({ phase: "resolved", how: "merged", mergedInto: bench.incident(PAYMENTS).id });
  expect(merged.phase === "resolved" && merged.detail).toContain("orders calls payments (env UPSTREAM_ADDR)");
  expect(bench.incident(PAYMENTS).explains).toEqual([merged.id]);
});

test("a caller that was ill long before keeps its incident", () => {
  const { bench, orders, payments } = shop();
  bench.see(orders.is(false, 60));
  bench.pass(400);
  bench.see(payments.is(false, 460));
  bench.pass(200);
  expect(subjects(bench).toSorted()).toEqual(["orders", "payments"]);
});

test("a Service's selector that changes is looked at, although no finding does", () => {
  const { bench, orders, payments } = shop();
  bench.see(payments.is(false, 60), orders.is(false, 80));
  bench.pass(240);
  expect(subjects(bench)).toEqual(["payments"]);
  bench.see(service("payments", { spec: { selector: { app: "orders-of-others" } } }));
  bench.pass(30);
  expect(subjects(bench)).toEqual(["payments", "orders"]);
});
