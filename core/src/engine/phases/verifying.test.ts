/** Stories of how an act is judged: by what it breaks, by how far it has got, and only by what can be seen. */
import { expect, test } from "vitest";
import type { IncidentIn } from "../../model/incident.ts";
import type { ClusterObject, Job, PodTemplate } from "../../model/kube.ts";
import { badPod, CART, failed, verifying, watchPods, wellCart } from "../../testing/cart-story.ts";
import { ACT, EngineBench } from "../../testing/engine-bench.ts";
import { failedJob, job, namespaceObject, node, service } from "../../testing/more-objects.ts";
import { at, condition, container, deployment, pod, ref, replicaSet, stamp, template, terminated, waiting } from "../../testing/objects.ts";

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

/** Of `replicas` so many are there; the rollback is under way. */
function halfway(ready: number, progressDeadlineSeconds = 600): ClusterObject {
  const status = { observedGeneration: 3, replicas: 3, updatedReplicas: ready, readyReplicas: ready, availableReplicas: ready };
  return deployment("cart", {
    metadata: { generation: 3 },
    spec: { template: template({ labels: { app: "cart" }, containers: images.old }), progressDeadlineSeconds, replicas: 8 },
    status,
  });
}

test("a slow rollback that gets ahead is not taken back, however long it takes; one that gets no further is", () => {
  const bench = rolledBack({ old: {}, bad: {} });
  for (let ready = 1; ready < 6; ready += 1) {
    bench.see(halfway(ready));
    bench.pass(500);
    expect(bench.phase(CART), `${ready} are ready`).toBe("verifying");
  }
  bench.see(halfway(3));
  bench.pass(60);
  bench.see(halfway(5));
  bench.pass(700);
  expect(bench.phase(CART)).toBe("undoing");
});

test("a Deployment that says itself that its pods start slowly is given that time", () => {
  const bench = rolledBack({ old: {}, bad: {} });
  bench.see(halfway(1, 1_800));
  bench.see(halfway(2, 1_800));
  bench.pass(1_700);
  expect(bench.phase(CART)).toBe("verifying");
  bench.pass(400);
  expect(bench.phase(CART)).toBe("undoing");
});

/** A Job that failed is run again, and the new one has started. */
function runAgain(spec: Partial<Job["spec"]> = {}) {
  const report = ref("Job", "report");
  const bench = new EngineBench(ACT);
  bench.lead();
  const failed = failedJob("report", "BackoffLimitExceeded", { metadata: { labels: { "kintsugi.dev/idempotent": "true" } }, spec });
  bench.see(namespaceObject("shop"), node(), failed);
  bench.pass(400);
  bench.facts();
  const { step } = bench.last("apply");
  if (step.verb !== "create") throw new Error("the Job was not run again");
  const started = stamp((bench.now - at(0)) / 1_000);
  const retry = (status: Partial<Job["status"]>): Job =>
    job(step.ref.name, {
      metadata: { uid: "uid:retry", annotations: { "kintsugi.dev/recreated-from": "report" }, creationTimestamp: started },
      spec,
      status: { startTime: started, succeeded: 0, conditions: [], ...status },
    });
  bench.outcome({ type: "applied", object: retry({ active: 1 }) });
  expect(bench.phase(report)).toBe("verifying");
  return { bench, report, retry };
}

function deletes(bench: EngineBench): number {
  return bench.effects.filter((effect) => effect.type === "apply" && effect.step.verb === "delete").length;
}

test("a Job that was run again is let run for hours, and healed when it is complete", () => {
  const { bench, report, retry } = runAgain();
  bench.pass(5 * 3_600);
  expect(bench.phase(report)).toBe("verifying");
  bench.see(retry({ active: 0, succeeded: 1, conditions: [condition("Complete", "True")] }));
  bench.pass(120);
  expect(bench.incident(report)).toMatchObject({ phase: "resolved", how: "healed" });
});

test.each([
  ["policy's window", {}, 6 * 3_600],
  ["its own deadline", { activeDeadlineSeconds: 1_200 }, 1_200],
] as const)("a Job that is not over at the end of %s goes to a person, and is never deleted at work", (_, spec, seconds) => {
  const { bench, report } = runAgain(spec);
  bench.pass(seconds - 60);
  expect(bench.phase(report)).toBe("verifying");
  bench.pass(180);
  const { body } = bench.records().findLast((record) => record.body.type === "incident" && record.body.incident.phase === "escalated") ?? {};
  expect(body).toMatchObject({ reason: expect.stringContaining("is not over yet") });
  expect(deletes(bench)).toBe(0);
});

test("a Job that fails again is taken back", () => {
  const { bench, retry } = runAgain();
  bench.pass(3_600);
  bench.see(retry({ active: 0, failed: 7, conditions: [condition("Failed", "True", { reason: "BackoffLimitExceeded" })] }));
  bench.pass(120);
  expect(deletes(bench)).toBe(1);
});

/** cart is well again as the watch has it; the read at the end of the window is about to be answered. */
function beforeRead(): EngineBench {
  const bench = rolledBack({ old: {}, bad: {} });
  bench.answersReads = false;
  bench.pass(300);
  expect(bench.phase(CART)).toBe("verifying");
  expect(bench.last("look").ref).toMatchObject(CART);
  return bench;
}

test("at the end of its window the owner is read once more: what a dead watch shows proves nothing", () => {
  const bench = beforeRead();
  bench.outcome({ type: "looked", object: { ...halfway(1), metadata: { ...halfway(1).metadata, resourceVersion: "999" } } as ClusterObject }, "look");
  bench.pass(60);
  expect(bench.phase(CART)).toBe("verifying");
  expect(bench.effects.filter((effect) => effect.type === "look")).toHaveLength(1);
});

test("a read that fails is repeated, one at a time; the cure counts once it is answered", () => {
  const bench = beforeRead();
  bench.outcome(failed("unavailable"), "look");
  bench.pass(4);
  expect(bench.effects.filter((effect) => effect.type === "look")).toHaveLength(1);
  bench.pass(2);
  expect(bench.effects.filter((effect) => effect.type === "look")).toHaveLength(2);
  bench.answersReads = true;
  bench.outcome(failed("unavailable"), "look");
  bench.pass(6);
  expect(bench.incident(CART)).toMatchObject({ phase: "resolved", how: "healed" });
});

test("an owner that may not be read is taken at the watch's word; one that is gone goes to a person", () => {
  const denied = beforeRead();
  denied.outcome(failed("denied"), "look");
  expect(denied.incident(CART)).toMatchObject({ phase: "resolved", how: "healed" });
  const gone = beforeRead();
  gone.outcome({ type: "looked" }, "look");
  expect(gone.incident(CART).attempts).toMatchObject([{ outcome: "unknown", detail: "Deployment shop/cart is gone" }]);
});

test("after an outage beyond its deadline it is seen for as long as it must hold before it is judged", () => {
  const bench = verifying();
  watchPods(bench, "stale");
  bench.pass(3_600);
  watchPods(bench, "live");
  const { holdMs } = bench.incident(CART) as IncidentIn<"verifying">;
  bench.pass(holdMs / 1_000 - 1);
  expect(bench.phase(CART)).toBe("verifying");
  bench.pass(2);
  expect(bench.phase(CART)).toBe("undoing");
});

test("what can be seen no more although every watch is live goes to a person, and is left as it is", () => {
  const bench = verifying();
  bench.gone(CART, ref("ReplicaSet", "cart-1"), ref("ReplicaSet", "cart-2"), ref("Pod", "cart-2-a"), ref("Pod", "cart-1-a"), ref("Pod", "cart-1-b"));
  bench.pass(3_000);
  const escalated = bench.records().find(({ body }) => body.type === "incident" && body.incident.phase === "escalated")?.body;
  expect(escalated).toMatchObject({ reason: expect.stringContaining("does not exist") });
  expect(bench.incident(CART).attempts.at(-1)?.outcome).toBe("unknown");
  expect(bench.effects.filter((effect) => effect.type === "apply")).toHaveLength(1);
});

test("closed by a person it is not judged any more, and can still be undone", () => {
  const bench = verifying();
  const reply = bench.command({ type: "close", incident: "inc-1", why: "we look after it" });
  expect(reply.text).toContain("kintsugi undo inc-1");
  expect(bench.incident(CART)).toMatchObject({ phase: "resolved", how: "closed", attempts: [{ outcome: "unknown" }] });
  bench.pass(60);
  expect(bench.command({ type: "undo", incident: "inc-1", why: "it was better before" }).ok).toBe(true);
  bench.outcome({ type: "applied" });
  expect(bench.incident(CART)).toMatchObject({ phase: "resolved", how: "undone" });
});

test("silenced it is seen to its end, and taken back where it did not help: only new acts are held", () => {
  const bench = verifying();
  bench.command({ type: "silence", id: "s1", namespace: "shop", durationMs: 3 * 3_600_000, why: "game day" });
  bench.pass(3_000);
  expect(bench.phase(CART)).toBe("undoing");
});
