/** A small shop for tests: a Deployment whose pods run on two nodes behind a Service, who calls it, a claim, and pods of another namespace. */
import { type ClusterObject, KINDS, type Kind, type Observation, type ViewHealth } from "@kintsugi/core";
import { namespaceObject, node, service } from "@kintsugi/core/testing/more-objects";
import { deployment, meta, pod, replicaSet, waiting } from "@kintsugi/core/testing/objects";

export const CART_DEPLOYMENT = deployment("cart");
export const CART_SET = replicaSet(CART_DEPLOYMENT, 1);

export const SHOP: readonly ClusterObject[] = [
  namespaceObject("shop"),
  namespaceObject("bank"),
  node("worker-1"),
  node("worker-2"),
  CART_DEPLOYMENT,
  CART_SET,
  pod("cart-a", { ownedBy: CART_SET, spec: { volumes: [{ name: "data", persistentVolumeClaim: { claimName: "cart-data" } }] } }),
  pod("cart-b", {
    ownedBy: CART_SET,
    spec: { nodeName: "worker-2" },
    phase: "Pending",
    statuses: [waiting("ImagePullBackOff", "not found", { restartCount: 2 })],
  }),
  pod("ledger-a", { metadata: { namespace: "bank", labels: { app: "ledger" } } }),
  service("cart"),
  { kind: "PersistentVolumeClaim", metadata: meta("PersistentVolumeClaim", "cart-data"), spec: { volumeName: "v1" }, status: { phase: "Bound" } },
  deployment("orders", {
    spec: {
      template: {
        metadata: { labels: { app: "orders" } },
        spec: { containers: [{ name: "app", image: "i", env: [{ name: "CART_URL", value: "http://cart:80" }] }] },
      },
    },
  }),
];

/** The objects, and every kind seen but for those of `health`. */
export function seen(objects: readonly ClusterObject[] = SHOP, health: Partial<Record<Kind, ViewHealth>> = {}): readonly Observation[] {
  return [
    ...KINDS.map((kind) => ({ type: "health" as const, kind, health: health[kind] ?? ("live" as const), reason: "" })),
    ...objects.map((object) => ({ type: "object" as const, object })),
  ];
}
