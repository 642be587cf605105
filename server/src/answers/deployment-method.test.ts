import { type ClusterObject, DEFAULT_POLICY, ownershipOf, type Ref } from "@kintsugi/core";
import { viewOf } from "@kintsugi/core/testing/array-view";
import { statefulSet } from "@kintsugi/core/testing/more-objects";
import { deployment, pod, ref, replicaSet } from "@kintsugi/core/testing/objects";
import { expect, test } from "vitest";
import { deploymentMethod } from "./deployment-method.ts";

function method(of: Ref, objects: readonly ClusterObject[]) {
  const view = viewOf(objects, { health: { Application: "not-served" } });
  return deploymentMethod(of, view, ownershipOf(of, view, DEFAULT_POLICY));
}

test.each([
  ["argocd", 0.95, { annotations: { "argocd.argoproj.io/tracking-id": "shop:apps/Deployment:shop/cart" } }, "annotation:argocd.argoproj.io/tracking-id"],
  ["argocd", 0.95, { labels: { "argocd.argoproj.io/instance": "shop" } }, "label:argocd.argoproj.io/instance"],
  ["argocd", 0.95, { labels: { "app.kubernetes.io/managed-by": "argocd" } }, "label:app.kubernetes.io/managed-by"],
  ["flux", 0.95, { labels: { "kustomize.toolkit.fluxcd.io/name": "shop" } }, "label:kustomize.toolkit.fluxcd.io/name"],
  ["helm", 0.9, { annotations: { "meta.helm.sh/release-name": "shop" } }, "annotation:meta.helm.sh/release-name"],
  ["kustomize", 0.8, { labels: { "app.kubernetes.io/managed-by": "kustomize" } }, "label:app.kubernetes.io/managed-by"],
  ["operator", 0.8, { labels: { "app.kubernetes.io/managed-by": "shop-operator" } }, "label:app.kubernetes.io/managed-by"],
  ["operator", 0.8, { labels: { "olm.owner": "shop.v1" } }, "label:olm.owner"],
  ["manual", 0.6, {}, "default: no tool has left a mark on it or its owners"],
] as const)("%s is told with the contract's %f by %j", (expected, confidence, metadata, source) => {
  expect(method(ref("Deployment", "cart"), [deployment("cart", { metadata })])).toMatchObject({ method: expected, confidence, source });
});

test("12.1 line 5: a pod is deployed by whoever its owner was, over the whole chain", () => {
  const cart = deployment("cart", { metadata: { annotations: { "meta.helm.sh/release-name": "shop" } } });
  const set = replicaSet(cart, 1);
  expect(method(ref("Pod", "cart-a"), [cart, set, pod("cart-a", { ownedBy: set })])).toMatchObject({
    method: "helm",
    details: { root: "Deployment shop/cart", owner_chain: ["Pod shop/cart-a", `ReplicaSet shop/${set.metadata.name}`, "Deployment shop/cart"] },
  });
});

test("an owner of a kind that is not watched is an operator, whatever its labels say", () => {
  const ownerReferences = [{ apiVersion: "db.example/v1", kind: "Postgres", name: "orders", uid: "u", controller: true }];
  expect(method(ref("StatefulSet", "db"), [statefulSet("db", { metadata: { ownerReferences } })])).toMatchObject({
    ...{ method: "operator", source: "owner_reference", details: { operator: "Postgres orders" } },
  });
});

test("what cannot be told is unknown, with the reason, and not manual", () => {
  const ownerReferences = [{ apiVersion: "apps/v1", kind: "ReplicaSet", name: "gone", uid: "u", controller: true }];
  const found = method(ref("Pod", "cart-a"), [pod("cart-a", { metadata: { ownerReferences } })]);
  expect(found).toMatchObject({ method: "unknown", confidence: 0.5 });
  expect(found.source).toContain("gone");
});
