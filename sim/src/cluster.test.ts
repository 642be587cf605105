import { describe, expect, test } from "vitest";
import { createCluster, type SimCluster } from "./cluster.ts";
import { ADMIN, addNamespace, addNode, deployment, service } from "./scenario/objects.ts";
import { behaviour } from "./world/images.ts";

const MINUTE = 60_000;

function small(): SimCluster {
  const cluster = createCluster({ seed: "story" });
  for (const n of [1, 2, 3]) addNode(cluster.world, { name: `node-${n}`, zone: `zone-${n}` });
  addNamespace(cluster.world, "shop");
  cluster.world.images.publish("shop/cart:v1", behaviour());
  return cluster;
}

function run(cluster: SimCluster, ms: number): void {
  cluster.timeline.advanceTo(cluster.timeline.now() + ms);
}

describe("a Deployment", () => {
  test("comes up: pods are scheduled apart, pulled, started, ready, and its Service has endpoints", () => {
    const cluster = small();
    const { api, store } = cluster.world;
    api.create(ADMIN, deployment({ name: "cart", namespace: "shop", image: "shop/cart:v1", replicas: 3 }));
    api.create(ADMIN, service("shop", "cart"));
    run(cluster, 2 * MINUTE);
    const found = store.get("Deployment", "shop", "cart");
    expect(found?.status).toMatchObject({ replicas: 3, readyReplicas: 3, availableReplicas: 3, updatedReplicas: 3, unavailableReplicas: 0 });
    expect(found?.status.conditions.map((c) => `${c.type}=${c.status} ${c.reason}`).sort()).toEqual([
      "Available=True MinimumReplicasAvailable",
      "Progressing=True NewReplicaSetAvailable",
    ]);
    expect(new Set(store.list("Pod").map((pod) => pod.spec.nodeName)).size).toBe(3);
    expect(store.list("EndpointSlice")[0]?.endpoints.filter((e) => e.ready)).toHaveLength(3);
    const reasons = store.list("Event").map((event) => event.reason);
    for (const reason of ["ScalingReplicaSet", "SuccessfulCreate", "Scheduled", "Pulling", "Pulled", "Created", "Started"]) expect(reasons).toContain(reason);
  });
});
