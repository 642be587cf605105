import { expect, test } from "vitest";
import type { ClusterObject } from "../../model/kube.ts";
import { event, node, service } from "../../testing/more-objects.ts";
import { condition, container, pod, running, stamp } from "../../testing/objects.ts";
import { bornAt, caseOf, findingsOf, readyPods, rollout, settled } from "../../testing/scenes.ts";
import { patternOf } from "../evidence.ts";
import { readinessFailing } from "./readiness-failing.ts";

const probed = (path = "/ready") => ({ containers: [container({ readinessProbe: { httpGet: { path, port: 8080 }, periodSeconds: 5 } })] });
const unready = running({ ready: false }, 5);
/** Ready pods beside pods that went unready at second 5,000. */
const scene = (ready: number, stuck: number, template: object = probed()) => ({
  objects: settled({
    replicas: ready + stuck,
    template,
    pods: (set) => [
      ...readyPods(set, ready),
      ...Array.from({ length: stuck }, (_, i) => pod(`cart-1-stuck-${i}`, { ownedBy: set, statuses: [unready], readySince: 5_000 - i })),
    ],
  }),
  now: 5_200,
});
const pattern = (given: ReturnType<typeof caseOf>) => patternOf(readinessFailing.examine(given) ?? []);

test("one stuck pod among ready ones is made anew", () => {
  const given = caseOf(scene(2, 1));
  expect(pattern(given)).toBe("+no-new-revision +others-ready +probe-fails");
  expect(readinessFailing.remedies(given)).toMatchObject([{ action: "evict-pod", target: { kind: "Pod", name: "cart-1-stuck-0" } }]);
});

test("of several stuck pods the one that has been so for longest goes first", () => {
  expect(readinessFailing.remedies(caseOf(scene(3, 2)))).toMatchObject([{ target: { name: "cart-1-stuck-1" } }]);
});

test("where most or all fail no pod is touched: the next one would fail as well", () => {
  expect(readinessFailing.remedies(caseOf(scene(1, 2)))).toEqual([]);
  const given = caseOf(scene(0, 2));
  expect(pattern(given)).toBe("+no-new-revision +probe-fails");
  expect(readinessFailing.remedies(given)).toEqual([]);
});

test("a Service that it calls and that is not all ready, or was not shortly before, speaks for a reason elsewhere", () => {
  const calling = { containers: [container({ ...probed().containers[0], env: [{ name: "PAYMENTS_ADDR", value: "payments:8080" }] })] };
  const payments = service("payments");
  const callee = (name: string, ready: boolean, since: number) =>
    pod(name, { metadata: { labels: { app: "payments" } }, statuses: [ready ? running() : unready], readySince: since });
  const told = (...pods: readonly ClusterObject[]) => {
    const { objects, now } = scene(2, 1, calling);
    return pattern(caseOf({ objects: [...objects, payments, ...pods], now }));
  };
  expect(told(callee("payments-a", true, 100), callee("payments-b", true, 200))).toBe("+no-new-revision +others-ready +probe-fails");
  expect(told(callee("payments-a", true, 100), callee("payments-b", false, 4_990))).toBe("-callee-unwell +no-new-revision +others-ready +probe-fails");
  expect(told(callee("payments-a", true, 4_900))).toBe("-callee-unwell +no-new-revision +others-ready +probe-fails");
  expect(told()).toBe("-callee-unwell +no-new-revision +others-ready +probe-fails");
});

test("a probe that a new revision changed is taken back", () => {
  const objects = rollout({
    old: probed(),
    next: probed("/healthz"),
    newPods: (set) => [pod("cart-2-a", { ownedBy: set, metadata: bornAt(3_600), statuses: [running({ ready: false }, 3_605)], readySince: 3_605 })],
  });
  const given = caseOf({ objects, now: 4_300 });
  expect(pattern(given)).toBe("-new-revision +others-ready +probe-fails");
  expect(readinessFailing.remedies(given)).toEqual([{ action: "roll-back", target: given.subject, params: {} }]);
});

test("pods that are only on their way are no sign of it, whatever else is wrong with the workload", () => {
  const objects = settled({
    replicas: 3,
    template: probed(),
    pods: (set) => [...readyPods(set, 2), pod("cart-1-new", { ownedBy: set, metadata: bornAt(5_190), statuses: [unready], readySince: 5_190 })],
  });
  expect(pattern(caseOf({ objects, now: 5_200 }))).toBe("+no-new-revision -only-starting +others-ready +probe-fails");
});

test("the kubelet's last word is quoted", () => {
  const { objects, now } = scene(2, 1);
  const victim = objects.at(-1);
  if (victim?.kind !== "Pod") throw new Error("the scene ends with its pod");
  const said = event(victim, "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 404", 5_100);
  expect(readinessFailing.examine(caseOf({ objects: [...objects, said], now }))?.[0]?.text).toContain("statuscode: 404");
});

test("pods on a dead node fail with the node, and are not evicted from it", () => {
  const down = node("worker-1", { status: { conditions: [condition("Ready", "Unknown", { lastTransitionTime: stamp(4_990) })] } });
  const { objects, now } = scene(2, 1);
  const given = caseOf({ objects: [...objects, down], now });
  expect(pattern(given)).toContain("-node-not-ready");
  expect(readinessFailing.remedies(given)).toEqual([]);
});

test("without a probe it cannot be the probe", () => {
  expect(pattern(caseOf(scene(2, 1, {})))).toContain("-probe-fails");
});

test("a slow start within its initial delay, and a pod on its way out, are silent", () => {
  const slow = { containers: [container({ readinessProbe: { periodSeconds: 5, initialDelaySeconds: 600 } })] };
  const starting = (over = {}) =>
    settled({ replicas: 1, template: slow, pods: (set) => [pod("cart-1-a", { ownedBy: set, statuses: [running({ ready: false }, 5)], ...over })] });
  expect(findingsOf({ objects: starting(), now: 500 })).toEqual([]);
  expect(findingsOf({ objects: starting({ metadata: { deletionTimestamp: stamp(600) } }), now: 5_000 })).toEqual([]);
});
