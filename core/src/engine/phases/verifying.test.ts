/** Stories of what an act breaks: it is taken back, whatever it cured. */
import { expect, test } from "vitest";
import type { ClusterObject, PodTemplate } from "../../model/kube.ts";
import { badPod, CART, wellCart } from "../../testing/bad-image.ts";
import { ACT, EngineBench } from "../../testing/engine-bench.ts";
import { namespaceObject, node, service } from "../../testing/more-objects.ts";
import { container, deployment, pod, ref, replicaSet, stamp, template, terminated, waiting } from "../../testing/objects.ts";

const images = { old: [container({ image: "registry.test/cart:1" })], bad: [container({ image: "registry.test/cart:typo" })] };

/** The broken revision also has other labels than the good one. */
function rollout(labels: { readonly old: Record<string, string>; readonly bad: Record<string, string> }) {
  const old = template({ labels: { app: "cart", ...labels.old }, containers: images.old });
  const bad = template({ labels: { app: "cart", ...labels.bad }, containers: images.bad });
  return { old, bad };
}

function well(old: PodTemplate, generation: number, name = "cart"): readonly ClusterObject[] {
  const owner = deployment(name, { metadata: { generation }, spec: { template: old }, status: { observedGeneration: generation } });
  const rs = replicaSet(owner, 1, { template: old });
  const labelled = { ownedBy: rs, metadata: { labels: old.metadata.labels ?? {} } };
  return [namespaceObject("shop"), node(), owner, rs, pod(`${name}-1-a`, labelled), pod(`${name}-1-b`, labelled)];
}

function broken(old: PodTemplate, bad: PodTemplate, at = 400, name = "cart"): readonly ClusterObject[] {
  const owner = deployment(name, {
    metadata: { generation: 2, annotations: { "deployment.kubernetes.io/revision": "2" } },
    spec: { template: bad },
    status: { observedGeneration: 2, replicas: 3, updatedReplicas: 1, readyReplicas: 2, availableReplicas: 2 },
  });
  const now = replicaSet(owner, 2, { template: bad, replicas: 1, ready: 0, metadata: { creationTimestamp: stamp(at) } });
  const sick = badPod(now, at);
  return [owner, now, replicaSet(owner, 1, { template: old }), { ...sick, metadata: { ...sick.metadata, labels: bad.metadata.labels ?? {} } }];
}

/** cart is rolled back, and the cluster shows it well again. `others` are there from the beginning. */
function rolledBack(labels: Parameters<typeof rollout>[0], ...others: readonly ClusterObject[]): EngineBench {
  const { old, bad } = rollout(labels);
  const bench = new EngineBench(ACT);
  bench.see(...well(old, 1), ...others);
  bench.pass(400);
  bench.lead();
  bench.see(...broken(old, bad));
  bench.pass(120);
  bench.facts();
  bench.outcome({ type: "applied" });
  expect(bench.phase(CART)).toBe("verifying");
  bench.gone(ref("Pod", "cart-2-a"));
  bench.see(...well(old, 3).slice(2));
  return bench;
}

/** Selects what only the broken revision's pods are labelled with; it was set long ago. */
const web = service("web", { spec: { selector: { app: "cart", tier: "web" } } });

test("a rollback that takes its pods from a Service is taken back, though the Service's selector is as old as the hills", () => {
  const bench = rolledBack({ old: { tier: "www" }, bad: { tier: "web" } }, web);
  bench.pass(30);
  expect(bench.phase(CART)).toBe("verifying");
  bench.pass(40);
  expect(bench.phase(CART)).toBe("undoing");
  expect(bench.incident(CART).attempts.at(-1)).toMatchObject({ outcome: "did-not-help", detail: expect.stringContaining("Service shop/web went wrong") });
});

test("a Service that the act has nothing to do with is no reason to take it back", () => {
  const other = deployment("mail", { spec: { template: template({ labels: { app: "mail" } }) } });
  const rs = replicaSet(other, 1);
  const mail = service("mail", { spec: { selector: { app: "mail" } } });
  const bench = rolledBack({ old: {}, bad: {} }, other, rs, pod("mail-1-a", { ownedBy: rs, metadata: { labels: { app: "mail" } } }), mail);
  bench.see(service("mail", { spec: { selector: { app: "mailer" } } }));
  bench.pass(600);
  expect(bench.state.detection.findingsOf(ref("Service", "mail"))).toHaveLength(1);
  expect(bench.incident(CART)).toMatchObject({ phase: "resolved", how: "healed" });
});

/** cart-1-b of that revision, made at `madeAt` seconds, has crashed until `crashedAt`. */
function crashing(madeAt: number, crashedAt: number): readonly ClusterObject[] {
  const [, , cart, rs] = wellCart(3);
  if (cart?.kind !== "Deployment" || rs === undefined) throw new Error("no cart");
  const lastState = terminated({ startedAt: stamp(crashedAt - 10), finishedAt: stamp(crashedAt) });
  const statuses = [waiting("CrashLoopBackOff", "back-off 20s restarting failed container", { restartCount: 3, lastState })];
  const sick = pod("cart-1-b", { ownedBy: rs, metadata: { creationTimestamp: stamp(madeAt) }, startTime: stamp(madeAt), readySince: madeAt, statuses });
  return [{ ...cart, status: { ...cart.status, readyReplicas: 1, availableReplicas: 1 } }, sick];
}

test("a pod that the act brought and that crashes is reason enough, long before the deadline", () => {
  const bench = rolledBack({ old: {}, bad: {} });
  bench.see(...crashing(521, 600));
  bench.pass(59);
  expect(bench.phase(CART)).toBe("verifying");
  bench.pass(2);
  expect(bench.phase(CART)).toBe("undoing");
});

test("trouble that passes before it has lasted as long as a cure must hold is no harm", () => {
  const bench = rolledBack({ old: {}, bad: {} });
  bench.see(...crashing(521, 600));
  bench.pass(50);
  bench.see(...wellCart(3).slice(2));
  bench.pass(10);
  expect(bench.phase(CART)).toBe("verifying");
  bench.pass(600);
  expect(bench.incident(CART)).toMatchObject({ phase: "resolved", how: "healed" });
});

test("a pod from before the act that is in another trouble now, while it is replaced, is not the act's doing", () => {
  const bench = rolledBack({ old: {}, bad: {} });
  bench.see(...crashing(430, 600));
  bench.pass(300);
  expect(bench.phase(CART)).toBe("verifying");
  expect(bench.state.detection.findingsOf(CART).map(({ detector }) => detector)).toContain("container-crashing");
});

test("what breaks nearby while an act is being verified is not acted on before that act has been judged", () => {
  const old = template({ labels: { app: "pay" }, containers: images.old });
  const bad = template({ labels: { app: "pay" }, containers: images.bad });
  const pay = ref("Deployment", "pay");
  const bench = rolledBack({ old: {}, bad: {} }, ...well(old, 1, "pay"));
  bench.pass(5);
  bench.see(...broken(old, bad, 525, "pay"));
  bench.pass(20);
  bench.facts();
  const held = bench.incident(pay);
  expect(held.phase === "held" && held.why).toContain("it began after inc-1 acted nearby");
  bench.pass(600);
  expect(bench.phase(CART)).toBe("resolved");
  bench.facts();
  expect(bench.phase(pay)).toBe("acting");
});
