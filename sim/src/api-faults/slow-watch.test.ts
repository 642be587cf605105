import { describe, expect, test } from "vitest";
import { slowWatch } from "./slow-watch.ts";
import { hurt } from "./testing/hurt.ts";

describe("slow watch", () => {
  test("what was seen comes late, and nothing is lost", () => {
    const { cluster, connection, dana, wait } = hurt(slowWatch, 1);
    const known = new Map<string, number>();
    let slowest = 0;
    connection.port.watch((observations) => {
      for (const one of observations)
        if (one.type === "object" && one.object.kind === "Deployment") known.set(one.object.metadata.name, one.object.spec.replicas);
    });
    wait(1);
    for (let turn = 2; turn < 60; turn += 1) {
      dana.scale({ kind: "Deployment", namespace: "shop", name: "cart" }, turn % 5);
      const began = cluster.timeline.now();
      while (known.get("cart") !== turn % 5) wait(0.1);
      slowest = Math.max(slowest, cluster.timeline.now() - began);
      wait(10);
    }
    expect(slowest).toBeGreaterThan(1_000);
    expect(slowest).toBeLessThanOrEqual(31_000);
  });
});
