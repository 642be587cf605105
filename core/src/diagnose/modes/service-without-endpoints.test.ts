import { expect, test } from "vitest";
import type { ClusterObject } from "../../model/kube.ts";
import { endpointSlice, service } from "../../testing/more-objects.ts";
import { ref, stamp } from "../../testing/objects.ts";
import { caseOf, findingsOf, knownGood, settled } from "../../testing/scenes.ts";
import { patternOf } from "../evidence.ts";
import { serviceWithoutEndpoints } from "./service-without-endpoints.ts";

const subject = ref("Service", "cart");
const managers = [{ manager: "kubectl-edit", operation: "Update", time: stamp(1_000), subresource: "", paths: ["/spec/selector/app", "/spec/selector/tier"] }];
const selecting = (selector: Record<string, string>) => service("cart", { metadata: { managers }, spec: { selector } });
const scene = (objects: readonly ClusterObject[], known = [knownGood(subject, { selector: { app: "cart" } })]) => ({
  objects,
  now: 2_000,
  subject,
  knownGood: known,
});
const pattern = (given: ReturnType<typeof caseOf>) => patternOf(serviceWithoutEndpoints.examine(given) ?? []);

test("a selector that worked before is restored", () => {
  const given = caseOf(scene([...settled(), selecting({ app: "cart", tier: "web" })]));
  expect(pattern(given)).toBe("+finds-no-pod +worked-before");
  expect(serviceWithoutEndpoints.examine(given)?.[0]?.text).toContain("set by kubectl-edit 17 min ago");
  expect(serviceWithoutEndpoints.remedies(given)).toMatchObject([{ action: "restore-selector", target: { kind: "Service", name: "cart" } }]);
});

test("without history the near miss is shown, and a person decides", () => {
  const given = caseOf(scene([...settled(), selecting({ app: "cart-v2" })], []));
  expect(pattern(given)).toBe("+finds-no-pod +near-miss");
  expect(serviceWithoutEndpoints.remedies(given)).toEqual([]);
});

test("a selector whose workload merely has no pods speaks against it", () => {
  const given = caseOf(scene([...settled({ replicas: 0 }), selecting({ app: "cart" })], []));
  expect(pattern(given)).toBe("+finds-no-pod -workload-without-pods");
});

test("it is healed when ready pods are found and the slice is filled with them", () => {
  const whole = service();
  expect(serviceWithoutEndpoints.healthy(caseOf(scene([...settled(), whole])))).toMatchObject({
    answer: "unhealthy",
    reason: "its slices have no ready endpoint",
  });
  expect(serviceWithoutEndpoints.healthy(caseOf(scene([...settled(), whole, endpointSlice(whole, ["cart-1-0", "cart-1-1"])])))).toMatchObject({
    answer: "healthy",
  });
});

test("selectorless, headless and leader-only Services are silent", () => {
  const headless = service("cart", { spec: { selector: { app: "cart-v2" }, clusterIP: "None" } });
  for (const one of [selecting({}), headless, selecting({ app: "cart", role: "leader" })]) expect(findingsOf(scene([...settled(), one], []))).toEqual([]);
});
