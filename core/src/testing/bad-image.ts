/** The story that most tests of the engine begin with: Deployment cart was well for long, then got an image that is not there. */
import type { ClusterObject, Deployment, Pod } from "../model/kube.ts";
import { ACT, EngineBench } from "./engine-bench.ts";
import { namespaceObject, node } from "./more-objects.ts";
import { container, deployment, pod, ref, replicaSet, stamp, template, waiting } from "./objects.ts";

export const CART = ref("Deployment", "cart");
const GOOD = template({ labels: { app: "cart" }, containers: [container({ image: "registry.test/cart:1" })] });
const BAD = template({ labels: { app: "cart" }, containers: [container({ image: "registry.test/cart:typo" })] });

export function wellCart(generation = 1): readonly ClusterObject[] {
  const cart = deployment("cart", { metadata: { generation }, spec: { template: GOOD }, status: { observedGeneration: generation } });
  const rs = replicaSet(cart, 1);
  return [namespaceObject("shop"), node(), cart, rs, pod("cart-1-a", { ownedBy: rs }), pod("cart-1-b", { ownedBy: rs })];
}

/** A new revision whose image is not there; one pod of the old revision was let go for it. */
export function brokenCart(): readonly ClusterObject[] {
  const cart: Deployment = deployment("cart", {
    metadata: { generation: 2, annotations: { "deployment.kubernetes.io/revision": "2" } },
    spec: { template: BAD },
    status: { observedGeneration: 2, replicas: 3, updatedReplicas: 1, readyReplicas: 2, availableReplicas: 2 },
  });
  const before = replicaSet(cart, 1, { template: GOOD });
  const now = replicaSet(cart, 2, { template: BAD, replicas: 1, ready: 0, metadata: { creationTimestamp: stamp(400) } });
  return [cart, now, { ...before, spec: { ...before.spec, template: { ...GOOD, metadata: before.spec.template.metadata } } }, badPod(now)];
}

function badPod(owner: ClusterObject): Pod {
  const message = 'Back-off pulling image "registry.test/cart:typo": ErrImagePull: rpc error: code = NotFound desc = failed to pull: not found';
  return pod("cart-2-a", {
    ownedBy: owner,
    phase: "Pending",
    metadata: { creationTimestamp: stamp(400) },
    startTime: stamp(400),
    readySince: 400,
    statuses: [waiting("ImagePullBackOff", message)],
  });
}

/** A bench on which cart was well for long and then got a bad image; facts for the plan have been asked for. */
export function broken(inForce = ACT): EngineBench {
  const bench = new EngineBench(inForce);
  bench.see(...wellCart());
  bench.pass(400);
  bench.lead();
  bench.see(...brokenCart());
  bench.pass(120);
  return bench;
}

/** The cluster shows cart as it was. */
export function cure(bench: EngineBench): void {
  const [, , cart, rs] = wellCart(3);
  bench.gone(ref("Pod", "cart-2-a"));
  bench.see(...[cart, rs].filter((object) => object !== undefined));
}
