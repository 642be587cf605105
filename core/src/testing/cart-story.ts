/** The story that the tests of phases are told on: cart was well for long, gets a bad image, and is cured. */
import { expect } from "vitest";
import type { ClusterObject, Deployment, Pod } from "../model/kube.ts";
import type { Failure } from "../model/step.ts";
import { ACT, EngineBench } from "./engine-bench.ts";
import { namespaceObject, node } from "./more-objects.ts";
import { container, deployment, pod, ref, replicaSet, stamp, template, waiting } from "./objects.ts";

export const CART = ref("Deployment", "cart");
export const GOOD = template({ labels: { app: "cart" }, containers: [container({ image: "registry.test/cart:1" })] });
export const BAD = template({ labels: { app: "cart" }, containers: [container({ image: "registry.test/cart:typo" })] });

export function wellCart(generation = 1): readonly ClusterObject[] {
  const cart = deployment("cart", { metadata: { generation }, spec: { template: GOOD }, status: { observedGeneration: generation } });
  const rs = replicaSet(cart, 1);
  return [namespaceObject("shop"), node(), cart, rs, pod("cart-1-a", { ownedBy: rs }), pod("cart-1-b", { ownedBy: rs })];
}

/** A new revision whose image is not there; one pod of the old revision was let go for it. */
export function brokenCart(at = 400): readonly ClusterObject[] {
  const cart: Deployment = deployment("cart", {
    metadata: { generation: 2, annotations: { "deployment.kubernetes.io/revision": "2" } },
    spec: { template: BAD },
    status: { observedGeneration: 2, replicas: 3, updatedReplicas: 1, readyReplicas: 2, availableReplicas: 2 },
  });
  const before = replicaSet(cart, 1, { template: GOOD });
  const now = replicaSet(cart, 2, { template: BAD, replicas: 1, ready: 0, metadata: { creationTimestamp: stamp(at) } });
  return [cart, now, { ...before, spec: { ...before.spec, template: { ...GOOD, metadata: before.spec.template.metadata } } }, badPod(now, at)];
}

export function badPod(owner: ClusterObject, at: number): Pod {
  const message = 'Back-off pulling image "registry.test/cart:typo": ErrImagePull: rpc error: code = NotFound desc = failed to pull: not found';
  return pod("cart-2-a", {
    ownedBy: owner,
    phase: "Pending",
    metadata: { creationTimestamp: stamp(at) },
    startTime: stamp(at),
    readySince: at,
    statuses: [waiting("ImagePullBackOff", message)],
  });
}

/** A bench on which cart was well for long and then got a bad image. */
export function broken(inForce = ACT): EngineBench {
  const bench = new EngineBench(inForce);
  bench.see(...wellCart());
  bench.pass(400);
  bench.lead();
  bench.see(...brokenCart());
  bench.pass(120);
  return bench;
}

/** Broken, and the step that cures it is out. */
export function acting(): EngineBench {
  const bench = broken();
  bench.facts();
  expect(bench.incident(CART), JSON.stringify(bench.incident(CART)).slice(0, 200)).toMatchObject({ phase: "acting" });
  return bench;
}

/** The cure was carried out, and the cluster shows it. */
export function verifying(): EngineBench {
  const bench = acting();
  bench.outcome({ type: "applied" });
  expect(bench.phase(CART)).toBe("verifying");
  return bench;
}

/** A cure was out, and a person has taken it back while the trouble still shows. */
export function undoneByAda(): EngineBench {
  const bench = verifying();
  bench.command({ type: "undo", incident: "inc-1", why: "it was me" });
  bench.outcome({ type: "applied" });
  return bench;
}

export function cure(bench: EngineBench): void {
  const [, , cart, rs] = wellCart(3);
  bench.gone(ref("Pod", "cart-2-a"));
  bench.see(...([cart, rs].filter((object) => object !== undefined) as ClusterObject[]));
}

export function failed(kind: Failure["kind"], over: Partial<Failure> = {}) {
  return { type: "failed", failure: { kind, message: `it was ${kind}`, ...over } } as const;
}

/** Another engine that has only the records of this one, so many seconds later; nothing of the cluster is listed yet. */
export function restarted(before: EngineBench, seconds: number, inForce = ACT): EngineBench {
  const records = before.records().map(({ body, actor }, i) => ({
    ...{ seq: i + 1, at: before.now, cluster: "test", actor, policyHash: "", version: "", epoch: 1, previous: "", hash: "" },
    body,
  }));
  const after = new EngineBench(inForce, "unsynced");
  after.now = before.now + seconds * 1_000;
  after.step({ type: "restored", records });
  return after;
}

export function watchPods(bench: EngineBench, health: "live" | "stale"): void {
  bench.step({ type: "observed", observations: [{ type: "health", kind: "Pod", health, reason: "a story" }] });
}
