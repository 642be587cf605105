import { expect, test } from "vitest";
import type { ClusterObject } from "../../model/kube.ts";
import { autoscaler, namespaceObject, service } from "../../testing/more-objects.ts";
import { at, deployment, pod, ref, stamp } from "../../testing/objects.ts";
import { knownGood, look } from "../../testing/scenes.ts";
import { scaledToZeroDetector } from "./scaled-to-zero.ts";

const managers = [{ manager: "kubectl-scale", operation: "Update", time: stamp(1_000), subresource: "scale", paths: ["/spec/replicas"] }];
const cart = deployment("cart", { metadata: { managers }, spec: { replicas: 0 } });
const before = [knownGood(ref("Deployment", "cart"), { replicas: 3 })];
const seen = (objects: readonly ClusterObject[], now = 2_000) => look(scaledToZeroDetector, { objects, now, knownGood: before });

test("a workload that had replicas and is called for is reported since it was scaled", () => {
  expect(seen([cart, service()], 1_060)).toEqual({ recheckAt: at(1_120) });
  const { finding } = seen([cart, service()]);
  expect(finding).toMatchObject({ since: at(1_000), lostShare: 1, members: [{ kind: "Service", name: "cart" }] });
  expect(finding?.summary).toContain("it had 3 replicas");
});

test("a zero that nobody calls is wanted", () => {
  expect(seen([cart])).toEqual({});
  expect(seen([cart, service("other")])).toEqual({});
});

test("a zero that has always been so is wanted", () => {
  expect(look(scaledToZeroDetector, { objects: [cart, service()], now: 2_000 })).toEqual({});
});

test("a Service that other pods serve loses nothing", () => {
  expect(seen([cart, service(), pod("blue-a", { metadata: { labels: { app: "cart" } } })])).toEqual({});
});

test("an autoscaler, KEDA or a hibernation schedule owns the scale", () => {
  expect(seen([cart, service(), autoscaler("cart", { kind: "Deployment", name: "cart" })])).toEqual({});
  const keda = deployment("cart", { metadata: { labels: { "scaledobject.keda.sh/name": "cart" } }, spec: { replicas: 0 } });
  expect(seen([keda, service()])).toEqual({});
  expect(seen([cart, service(), namespaceObject("shop", { annotations: { "downscaler/uptime": "Mon-Fri 07:00-19:00 UTC" } })])).toEqual({});
});

test("where autoscalers cannot be seen nothing is claimed", () => {
  expect(look(scaledToZeroDetector, { objects: [cart, service()], now: 2_000, knownGood: before, health: { HorizontalPodAutoscaler: "forbidden" } })).toEqual(
    {},
  );
});
