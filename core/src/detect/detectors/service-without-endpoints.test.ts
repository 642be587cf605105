import { expect, test } from "vitest";
import type { ClusterObject } from "../../model/kube.ts";
import { service } from "../../testing/more-objects.ts";
import { at, ref, stamp } from "../../testing/objects.ts";
import { knownGood, look, settled } from "../../testing/scenes.ts";
import { serviceWithoutEndpointsDetector } from "./service-without-endpoints.ts";

const subject = ref("Service", "cart");
const managers = [{ manager: "kubectl-edit", operation: "Update", time: stamp(1_000), subresource: "", paths: ["/spec/selector/app", "/spec/selector/tier"] }];
const wrong = (selector: Record<string, string>, spec = {}) => service("cart", { metadata: { managers }, spec: { selector, ...spec } });
const seen = (objects: readonly ClusterObject[], known: Parameters<typeof look>[1]["knownGood"] = [], now = 2_000) =>
  look(serviceWithoutEndpointsDetector, { objects, subject, now, knownGood: known });
const worked = [knownGood(subject, { selector: { app: "cart" } })];

test("a selector that worked before and now finds nothing is reported since it was changed", () => {
  const objects = [...settled(), wrong({ app: "cart", tier: "web" })];
  expect(seen(objects, worked, 1_030)).toEqual({ recheckAt: at(1_090) });
  const { finding } = seen(objects, worked);
  expect(finding).toMatchObject({ subject, since: at(1_000), lostShare: 1 });
  expect(finding?.summary).toContain("it worked with app=cart");
});

test("a selector that misses an unserved workload by one value is reported without history", () => {
  expect(seen([...settled(), wrong({ app: "cart-v2" })]).finding?.summary).toContain("Deployment cart differs from it by the label app alone");
});

test("a selector without pods that resembles nothing is somebody's plan", () => {
  expect(seen([...settled(), wrong({ app: "checkout" })])).toEqual({});
});

test("the other colour, which another Service serves, is no near miss", () => {
  const blue = settled({ template: { labels: { app: "cart", colour: "blue" } } });
  const main = service("cart-main", { spec: { selector: { app: "cart", colour: "blue" } } });
  expect(seen([...blue, main, wrong({ app: "cart", colour: "green" })])).toEqual({});
});

test("selectorless, headless and leader-only Services are normal without pods", () => {
  expect(seen([...settled(), wrong({})])).toEqual({});
  expect(seen([...settled(), wrong({ app: "cart-v2" }, { clusterIP: "None" })])).toEqual({});
  expect(seen([...settled(), wrong({ app: "cart", role: "leader" })])).toEqual({});
});

test("a Service that finds pods is well, ready or not; one whose workload has none is that workload's trouble", () => {
  expect(seen([...settled(), service()])).toEqual({});
  expect(seen([...settled({ replicas: 0 }), wrong({ app: "cart" })], [knownGood(subject, { selector: { app: "old" } })])).toEqual({});
});
