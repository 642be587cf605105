import { describe, expect, test } from "vitest";
import type { ClusterObject } from "../model/kube.ts";
import { CART } from "../testing/cart-story.ts";
import { EngineBench, policy } from "../testing/engine-bench.ts";
import { namespaceObject, node } from "../testing/more-objects.ts";
import { deployment, pod, replicaSet, running, stamp, terminated, waiting } from "../testing/objects.ts";

/** The pod is long old, so a loop is dated by its last crash. */
const HOUR = 3_600;
const OLD = 40 * HOUR;
const cart = deployment("cart", { status: { readyReplicas: 1, availableReplicas: 1 } });
const set = replicaSet(cart, 1, { ready: 1 });

function crashed(at: number, restarts: number): ClusterObject {
  const lastState = terminated({ exitCode: 1, reason: "Error", startedAt: stamp(at - 20), finishedAt: stamp(at) });
  return pod("cart-b", { ownedBy: set, statuses: [{ ...waiting("CrashLoopBackOff", "back-off"), restartCount: restarts, lastState }], readySince: at });
}

function closed(): EngineBench {
  const bench = new EngineBench(policy());
  bench.now += OLD * 1_000;
  bench.see(namespaceObject("shop"), node(), cart, set, pod("cart-a", { ownedBy: set }), crashed(OLD - 5, 12));
  bench.pass(60);
  expect(bench.command({ type: "close", incident: bench.incident(CART).id, why: "known, leave it" }).ok).toBe(true);
  bench.pass(240);
  return bench;
}

describe("a crash loop that a person closed", () => {
  test("stays closed however often it crashes", () => {
    const bench = closed();
    for (let crash = 1; crash <= 5; crash += 1) {
      bench.see(crashed(OLD + 320 * crash, 12 + crash));
      bench.pass(320);
    }
    expect(bench.state.incidents.size).toBe(1);
  });

  test("stays closed over a restart", () => {
    const before = closed();
    const records = before.records().map(({ body, actor }, i) => ({
      ...{ seq: i + 1, at: before.now, cluster: "test", actor, policyHash: "", version: "", epoch: 1, previous: "", hash: "" },
      body,
    }));
    const bench = new EngineBench(policy(), "unsynced");
    bench.now = before.now;
    bench.step({ type: "restored", records });
    bench.see(namespaceObject("shop"), node(), cart, set, pod("cart-a", { ownedBy: set }), crashed(OLD + 320, 13));
    bench.live();
    bench.pass(60);
    expect(bench.state.incidents.size).toBe(1);
  });

  test("is a new incident once it was healthy in between", () => {
    const bench = closed();
    bench.see({ ...deployment("cart"), metadata: { ...cart.metadata } }, replicaSet(cart, 1), pod("cart-b", { ownedBy: set, statuses: [running()] }));
    bench.pass(HOUR);
    bench.see(cart, set, crashed(OLD + 2 * HOUR, 13));
    bench.pass(60);
    expect(bench.incident(CART).id).toBe("inc-2");
  });
});
