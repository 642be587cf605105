import { describe, expect, test } from "vitest";
import type { Finding } from "../model/finding.ts";
import type { ClusterObject, Pod, ReplicaSet } from "../model/kube.ts";
import { PolicySpec } from "../model/policy.ts";
import { type Ref, refKey } from "../model/ref.ts";
import { viewOf } from "../testing/array-view.ts";
import { node, service } from "../testing/more-objects.ts";
import { at, condition, container, pod, ref, running, stamp, terminated, waiting } from "../testing/objects.ts";
import { rollout, settled } from "../testing/scenes.ts";
import { correlate } from "./correlate.ts";
import type { Ongoing } from "./situation.ts";
import { WHOLE_CLUSTER } from "./storm.ts";

const POLICY = PolicySpec.parse({});
const ORDERS = ref("Deployment", "orders");
const PAYMENTS = ref("Deployment", "payments");

type Look = Parameters<typeof pod>[1];
const unready = (since: number): Look => ({ statuses: [running({ ready: false })], readySince: since });
const ready = (since: number): Look => ({ readySince: since });

/** An application of two pods with a Service of its name; `calls` are values of env UPSTREAM_ADDR. */
function app(name: string, look: Look = {}, calls: readonly string[] = []): readonly ClusterObject[] {
  const env = calls.map((value, i) => ({ name: i === 0 ? "UPSTREAM_ADDR" : `UPSTREAM_${i}_ADDR`, value }));
  const pods = (set: ReplicaSet) => ["a", "b"].map((suffix) => pod(`${name}-1-${suffix}`, { ownedBy: set, ...look }));
  return [...settled({ name, pods, template: { containers: [container({ env })] } }), service(name, { spec: { selector: { app: name } } })];
}

function finding(detector: string, subject: Ref, since: number, over: Partial<Finding> = {}): Finding {
  const members = detector === "pod-not-ready" || detector === "container-crashing" ? ["a", "b"].map((s) => ref("Pod", `${subject.name}-1-${s}`)) : [];
  const count = members.length;
  return { detector, subject, since: at(since), summary: `${detector} of ${subject.name}`, members, count, lostShare: 1, ...over };
}
const notReady = (subject: Ref, since: number, over: Partial<Finding> = {}) => finding("pod-not-ready", subject, since, over);

interface Scene {
  readonly findings: readonly Finding[];
  readonly objects: readonly ClusterObject[];
  readonly now?: number;
  readonly ongoing?: readonly Ongoing[];
}

function correlated({ findings, objects, now = 1_000, ongoing = [] }: Scene) {
  const live = new Map(ongoing.map((one) => [refKey(one.subject), one]));
  const result = correlate(findings, viewOf(objects), at(now), POLICY, live);
  const story = result.groups.map((group) => [group.subject.name, ...group.explains.map((other) => other.subject.name)].join(" > "));
  return { ...result, story, why: result.groups.flatMap((group) => group.explains.map((other) => other.why)) };
}

const shop = (orders: Look, payments: Look, address = "payments:8080") => [...app("orders", orders, [address]), ...app("payments", payments)];

describe("a caller of a Service without a ready pod", () => {
  test("is explained by the workload behind it, and the reason says who calls whom since when", () => {
    const { story, why } = correlated({ findings: [notReady(PAYMENTS, 60), notReady(ORDERS, 80)], objects: shop(unready(80), unready(60)) });
    expect(story).toEqual(["payments > orders"]);
    expect(why).toEqual(["orders calls payments (env UPSTREAM_ADDR), which has no ready pod since 12:01 UTC"]);
  });

  test("is explained by the Service whose selector finds nothing", () => {
    const lost = service("payments", { spec: { selector: { app: "payments", tier: "x" } } });
    const objects = [...app("orders", unready(80), ["http://payments.shop.svc.cluster.local/x"]), ...settled({ name: "payments" }), lost];
    const found = [finding("service-without-endpoints", ref("Service", "payments"), 65), notReady(ORDERS, 80)];
    const { story, why } = correlated({ findings: found, objects });
    expect(story).toEqual(["payments > orders"]);
    expect(why[0]).toContain("which has no ready pod since 12:01 UTC");
  });

  test("is explained by the node that all of its pods were on", () => {
    const lost = node("worker-1", { status: { conditions: [condition("Ready", "Unknown", { lastTransitionTime: stamp(60) })] } });
    const elsewhere = { ...unready(80), spec: { nodeName: "worker-2" } };
    const { story } = correlated({
      findings: [finding("node-not-ready", ref("Node", "worker-1"), 60), notReady(ORDERS, 80)],
      objects: [...app("orders", elsewhere, ["payments:80"]), ...app("payments", unready(60)), lost, node("worker-2")],
    });
    expect(story).toEqual(["worker-1 > orders"]);
  });

  test("crashes in a loop: explained as well, unless its program cannot be started", () => {
    const crash = (exitCode: number) => ({
      statuses: [waiting("CrashLoopBackOff", "", { restartCount: 4, lastState: terminated({ exitCode, finishedAt: stamp(90) }) })],
    });
    const found = [notReady(PAYMENTS, 60), finding("container-crashing", ORDERS, 80)];
    expect(correlated({ findings: found, objects: shop(crash(1), unready(60)) }).story).toEqual(["payments > orders"]);
    expect(correlated({ findings: found, objects: shop(crash(127), unready(60)) }).story).toEqual(["orders", "payments"]);
  });

  test("and its own callers are one chain with it", () => {
    const objects = [...app("web", unready(90), ["orders:80"]), ...shop(unready(80), unready(60))];
    const found = [notReady(ref("Deployment", "web"), 90), notReady(ORDERS, 80), notReady(PAYMENTS, 60)];
    expect(correlated({ findings: found, objects }).story).toEqual(["payments > orders > web"]);
  });

  test("dated by a later run of its callee's loop, still follows from it in a chain", () => {
    const objects = [...app("web", unready(90), ["orders:80"]), ...shop(unready(700), unready(60))];
    const found = [notReady(ref("Deployment", "web"), 90), finding("container-crashing", ORDERS, 700), notReady(PAYMENTS, 60)];
    expect(correlated({ findings: found, objects }).story).toEqual(["payments > orders > web"]);
  });
});

describe("an independent trouble is not hidden", () => {
  const both = (over: Partial<Scene> = {}) =>
    correlated({ findings: [notReady(PAYMENTS, 60), notReady(ORDERS, 80)], objects: shop(unready(80), unready(60)), ...over }).story;

  test("where the caller was ill first, by its findings or by its incident", () => {
    expect(both({ findings: [notReady(PAYMENTS, 300), notReady(ORDERS, 80)] })).toEqual(["orders", "payments"]);
    expect(both({ ongoing: [{ subject: ORDERS, since: at(-600) }] })).toEqual(["orders", "payments"]);
    expect(both({ ongoing: [{ subject: ORDERS, since: at(-600), healthySince: at(0) }] })).toEqual(["payments > orders"]);
  });

  test("where a callee's loop is dated late its incident remembers when it began", () => {
    const loop = [finding("container-crashing", PAYMENTS, 900), notReady(ORDERS, 80)];
    expect(both({ findings: loop })).toEqual(["orders", "payments"]);
    expect(both({ findings: loop, ongoing: [{ subject: PAYMENTS, since: at(70) }] })).toEqual(["payments > orders"]);
  });

  test.each(["image-pull", "container-config", "container-start", "oom-killed", "pod-unschedulable", "replicas-missing", "volume-unavailable"])(
    "where the caller has %s",
    (detector) => {
      expect(both({ findings: [notReady(PAYMENTS, 60), notReady(ORDERS, 80), finding(detector, ORDERS, 80)] })).toEqual(["orders", "payments"]);
    },
  );

  test("where its callee is served by another pod", () => {
    const one = pod("payments-x", { metadata: { labels: { app: "payments" } }, readySince: 5 });
    expect(both({ objects: [...shop(unready(80), unready(60)), one] })).toEqual(["orders", "payments"]);
  });

  test("where it calls nobody, calls a name that is no Service, or the variable holds a secret", () => {
    for (const address of ["", "payments.example.com:443", "redacted:sha256:0123456789abcdef"])
      expect(both({ objects: shop(unready(80), unready(60), address) })).toEqual(["orders", "payments"]);
  });

  test("where only its new revision fails and the old pods are fine", () => {
    const env = { containers: [container({ env: [{ name: "UPSTREAM_ADDR", value: "payments:80" }] })] };
    const newPods = (set: ReplicaSet): readonly Pod[] => [pod("orders-1-a", { ownedBy: set, ...unready(80) })];
    const rolling = rollout({ name: "orders", old: env, next: { ...env, labels: { app: "orders" } }, newPods });
    const found = [notReady(PAYMENTS, 60), notReady(ORDERS, 80, { members: [ref("Pod", "orders-1-a")], count: 1 }), finding("rollout-stalled", ORDERS, 80)];
    expect(both({ findings: found, objects: [...rolling, ...app("payments", unready(60))] })).toEqual(["orders", "payments"]);
  });

  test("where a cordoned node or leftovers of evicted pods are all that is wrong behind the Service", () => {
    const found = (detector: string, subject: Ref) => [finding(detector, subject, 60, { lostShare: 0 }), notReady(ORDERS, 80)];
    expect(both({ findings: found("evicted-leftovers", PAYMENTS) })).toEqual(["orders", "payments"]);
    expect(both({ findings: found("node-cordoned", ref("Node", "worker-1")) })).toEqual(["orders", "worker-1"]);
  });

  test("where two call each other one of them stays: the one that began first", () => {
    const objects = [...app("orders", unready(80), ["payments:80"]), ...app("payments", unready(60), ["orders:80"])];
    expect(both({ objects })).toEqual(["payments > orders"]);
    expect(both({ objects, findings: [notReady(PAYMENTS, 100), notReady(ORDERS, 80)] })).toEqual(["orders > payments"]);
  });

  test("where three call each other in a circle one of them stays", () => {
    const objects = [
      ...app("orders", unready(80), ["payments:80"]),
      ...app("payments", unready(60), ["web:80"]),
      ...app("web", unready(70), ["orders:80", "web:80"]),
    ];
    const found = [notReady(PAYMENTS, 60), notReady(ORDERS, 80), notReady(ref("Deployment", "web"), 70)];
    expect(both({ objects, findings: found })).toEqual(["payments > orders > web"]);
  });
});

describe("before the callee's trouble is claimed", () => {
  const early = (over: Partial<Scene> = {}) => correlated({ findings: [notReady(ORDERS, 80)], objects: shop(unready(80), unready(60)), now: 170, ...over });

  test("the caller waits for it, and no longer than its detectors may take", () => {
    const waits = early();
    expect(waits.story).toEqual([]);
    expect([...waits.waiting]).toEqual([refKey(ORDERS)]);
    expect(waits.recheckAt).toBe(at(260));
    expect(early({ now: 260 }).story).toEqual(["orders"]);
  });

  test("an incident that is alive stays alive", () => {
    expect(early({ ongoing: [{ subject: ORDERS, since: at(80) }] }).story).toEqual(["orders"]);
  });

  test("what calls the waiting one waits with it", () => {
    const objects = [...app("web", unready(90), ["orders:80"]), ...shop(unready(80), unready(60))];
    const waits = early({ findings: [notReady(ref("Deployment", "web"), 90), notReady(ORDERS, 80)], objects });
    expect(waits.story).toEqual([]);
    expect(waits.waiting.size).toBe(2);
  });
});

describe("once the callee is served again", () => {
  const later = (now: number, over: Partial<Scene> = {}) =>
    correlated({ findings: [notReady(ORDERS, 80)], objects: shop(unready(80), ready(600)), now, ongoing: [{ subject: PAYMENTS, since: at(60) }], ...over });

  test("its callers have the time of a restart, while its incident lives", () => {
    expect(later(700).story).toEqual(["payments > orders"]);
    expect(later(700).groups[0]?.findings).toEqual([]);
    expect(later(700).why).toEqual(["orders calls payments (env UPSTREAM_ADDR), which had no ready pod until 12:10 UTC"]);
    expect(later(700).recheckAt).toBe(at(960));
    expect(later(960).story).toEqual(["orders"]);
    expect(later(700, { ongoing: [] }).story).toEqual(["orders"]);
  });

  test("what falls ill only then is on its own", () => {
    expect(later(900, { findings: [notReady(ORDERS, 700)] }).story).toEqual(["orders"]);
  });

  test("they recover one by one, and so do the callee's own pods", () => {
    const half = settled({
      name: "orders",
      template: { containers: [container({ env: [{ name: "PAYMENTS", value: "http://payments" }] })] },
      pods: (set) => [pod("orders-1-a", { ownedBy: set, ...unready(80) }), pod("orders-1-b", { ownedBy: set, readySince: 650 })],
    });
    const found = [notReady(ORDERS, 80, { members: [ref("Pod", "orders-1-a")], count: 1 }), notReady(PAYMENTS, 60, { lostShare: 0.5 })];
    expect(later(700, { findings: found, objects: [...half, ...app("payments", ready(600))], ongoing: [] }).story).toEqual(["payments > orders"]);
  });

  test("a chain ends with its last member, whoever of those between is well already", () => {
    const objects = [...app("web", unready(90), ["orders:80"]), ...app("orders", ready(620), ["payments:80"]), ...app("payments", ready(600))];
    const web = notReady(ref("Deployment", "web"), 90);
    expect(later(700, { findings: [web], objects }).story).toEqual(["payments > web"]);
    expect(later(700, { findings: [web], objects }).why).toEqual(["web calls orders (env UPSTREAM_ADDR), which had no ready pod until 12:10 UTC"]);
    expect(later(970, { findings: [web], objects }).story).toEqual(["web"]);
    expect(later(700, { findings: [web], objects, ongoing: [] }).story).toEqual(["web"]);
  });

  test("a node that is back explains the callers of what was on it", () => {
    const back = node("worker-1", { status: { conditions: [condition("Ready", "True", { lastTransitionTime: stamp(590) })] } });
    const objects = [...shop({ ...unready(80), spec: { nodeName: "worker-2" } }, ready(600)), back];
    expect(later(700, { objects, ongoing: [{ subject: ref("Node", "worker-1"), since: at(50) }] }).story).toEqual(["worker-1 > orders"]);
    expect(later(700, { objects, ongoing: [{ subject: ref("Node", "worker-1"), since: at(595) }] }).story).toEqual(["orders"]);
  });
});

test("in a dense net of callers each Service is looked at once, and the nearest trouble is found", () => {
  const names = Array.from({ length: 60 }, (_, i) => `app-${i}`);
  const net = names.flatMap((name, i) =>
    app(
      name,
      unready(80),
      [1, 2, 3, 5, 8].map((step) => `app-${(i + step) % names.length}:80`),
    ),
  );
  const first = ref("Deployment", "app-0");
  expect([...correlated({ findings: [notReady(first, 80)], objects: net, now: 170 }).waiting]).toEqual([refKey(first)]);
  const far = ref("Deployment", "app-30");
  expect(correlated({ findings: [notReady(first, 80), notReady(far, 60)], objects: net }).story).toEqual(["app-30 > app-0"]);
});

test("however many call what is gone, they are one trouble and no storm", () => {
  const callers = Array.from({ length: 12 }, (_, i) => `web-${i}`);
  const objects = [...app("payments", unready(860)), ...callers.flatMap((name) => app(name, unready(880), ["payments:80"]))];
  const found = [notReady(PAYMENTS, 860), ...callers.map((name) => notReady(ref("Deployment", name), 880))];
  const { groups } = correlated({ findings: found, objects });
  expect(groups.map((group) => refKey(group.subject))).toEqual([refKey(PAYMENTS)]);
  expect(groups[0]?.explains).toHaveLength(12);
  const alone = correlated({ findings: found, objects: [...app("payments", unready(860)), ...callers.flatMap((name) => app(name, unready(880)))] });
  expect(alone.groups.map((group) => refKey(group.subject))).toEqual([refKey(WHOLE_CLUSTER)]);
});
