import { expect, test } from "vitest";
import type { Finding } from "../model/finding.ts";
import type { ClusterObject } from "../model/kube.ts";
import { viewOf } from "../testing/array-view.ts";
import { decideInput } from "../testing/decide-input.ts";
import { service } from "../testing/more-objects.ts";
import { at, container, deployment, pod, ref, replicaSet, stamp, template } from "../testing/objects.ts";
import { noteBefore, sideEffect } from "./side-effect.ts";

const CART = ref("Deployment", "cart");
const cart = deployment("cart");
const rs = replicaSet(cart, 1);
const old = pod("cart-1-a", { ownedBy: rs, metadata: { creationTimestamp: stamp(10) } });
const fresh = pod("cart-1-b", { ownedBy: rs, metadata: { creationTimestamp: stamp(100) } });
const web = service("web", { spec: { selector: { app: "cart" } } });
const objects: readonly ClusterObject[] = [cart, rs, old, fresh, web];

function finding(detector: string, over: Partial<Finding> = {}): Finding {
  return { detector, subject: CART, since: at(0), summary: detector, members: [], count: 1, lostShare: 0, ...over };
}

const { plan } = decideInput();
const known = finding("image-pull");
const before = noteBefore(CART, [known], viewOf(objects));
const harm = (found: Finding, seen: readonly ClusterObject[] = objects) =>
  sideEffect({ plan, before, actedAt: at(100.4) }, [known, found], viewOf(seen))?.detector;

test("what was there before is not the act's doing, whatever the moment at which it is said to have begun", () => {
  expect(harm(known)).toBeUndefined();
  expect(harm(finding("replicas-missing"))).toBe("replicas-missing");
});

test("of trouble with pods one of them must have come with the act", () => {
  expect(harm(finding("container-crashing", { members: [ref("Pod", "cart-1-a")] }))).toBeUndefined();
  expect(harm(finding("container-crashing", { members: [ref("Pod", "cart-1-a"), ref("Pod", "cart-1-b")] }))).toBe("container-crashing");
});

test("what the owner says of itself counts once its controller has seen the act", () => {
  const unseen = deployment("cart", { metadata: { generation: 5 }, status: { observedGeneration: 4 } });
  expect(harm(finding("rollout-stalled"), [unseen, rs, old, fresh, web])).toBeUndefined();
});

test("what a node did is not the act's doing", () => {
  const cause = { kind: "Node", namespace: "", name: "worker-1" } as const;
  expect(harm(finding("pod-not-ready", { members: [ref("Pod", "cart-1-b")], cause }))).toBeUndefined();
});

test("a Service counts when it had the owner's pods before, or selects them now", () => {
  const subject = ref("Service", "web");
  const lost = service("web", { spec: { selector: { app: "other" } } });
  expect(before.services).toEqual(["web"]);
  expect(harm(finding("service-without-endpoints", { subject }), [cart, rs, lost])).toBe("service-without-endpoints");
  expect(
    harm(finding("service-without-endpoints", { subject: ref("Service", "mail") }), [cart, rs, service("mail", { spec: { selector: { app: "cart" } } })]),
  ).toBe("service-without-endpoints");
  expect(harm(finding("service-without-endpoints", { subject: ref("Service", "mail") }), [cart, rs])).toBeUndefined();
});

test("who calls such a Service counts, who calls another does not", () => {
  const caller = (host: string) =>
    deployment("shopfront", { spec: { template: template({ containers: [container({ env: [{ name: "CART_ADDR", value: `http://${host}:80` }] })] }) } });
  const found = finding("container-crashing", { subject: ref("Deployment", "shopfront"), members: [ref("Pod", "shopfront-1-a")] });
  expect(harm(found, [...objects, caller("web")])).toBe("container-crashing");
  expect(harm(found, [...objects, service("mail", { spec: { selector: { app: "mail" } } }), caller("mail")])).toBeUndefined();
});

test("an act of an earlier release, which noted nothing, is judged by its own success test alone", () => {
  expect(sideEffect({ plan, actedAt: at(100) }, [finding("replicas-missing")], viewOf(objects))).toBeUndefined();
});
