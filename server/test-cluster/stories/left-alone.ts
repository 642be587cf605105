/** What is not for the engine to change: it escalates, offers or stays silent, and the API server has no write of it. */
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { until } from "../harness/person.ts";
import type { Scene } from "../harness/scene.ts";
import { PROBE, SERVE } from "../harness/stage.ts";
import type { Story } from "./story.ts";

async function missingConfigMap(scene: Scene): Promise<void> {
  const settings = () => scene.create("v1", "ConfigMap", "cart-settings", { data: { COLOUR: "gold" } });
  await settings();
  const cart = await scene.deploy("cart", { container: { envFrom: [{ configMapRef: { name: "cart-settings" } }] } });
  await scene.well(cart);
  await scene.known(cart);
  scene.fault();
  await scene.person.remove("v1", "ConfigMap", scene.namespace, "cart-settings");
  for (const pod of await scene.person.list("v1", "Pod", scene.namespace)) await scene.person.remove("v1", "Pod", scene.namespace, pod.metadata.name);
  const escalated = await scene.reaches(cart, "escalated");
  expect(escalated.mode).toBe("missing-config");
  await settings();
  await scene.healed(cart, () => true);
  expect(await scene.reaches(cart, "resolved")).toMatchObject({ how: "unaided", attempts: [] });
  await scene.expectUntouched();
}

async function crashWithoutPast(scene: Scene): Promise<void> {
  scene.fault();
  const cart = await scene.deploy("cart", { run: "echo cannot reach the database; exit 1" });
  const escalated = await scene.reaches(cart, "escalated");
  expect(escalated).toMatchObject({ mode: "crash-loop", attempts: [], waitsFor: expect.stringContaining("docs/runbooks/crash-loop.md") });
  scene.note(cart);
  await scene.expectUntouched();
}

async function jobThatSaysNothing(scene: Scene): Promise<void> {
  const template = { spec: { restartPolicy: "Never", containers: [scene.container("echo no such table; exit 3")] } };
  scene.fault();
  await scene.create("batch/v1", "Job", "import", { spec: { backoffLimit: 0, template } });
  const job = scene.ref("Job", "import");
  const escalated = await scene.reaches(job, "escalated");
  expect(escalated).toMatchObject({ mode: "failed-job", attempts: [] });
  scene.note(job);
  expect(await scene.person.list("batch/v1", "Job", scene.namespace)).toHaveLength(1);
  await scene.expectUntouched();
}

async function keptByArgo(scene: Scene): Promise<void> {
  const annotations = { "argocd.argoproj.io/tracking-id": `shop:apps/Deployment:${scene.namespace}/cart` };
  const cart = await scene.deploy("cart", { annotations, container: { readinessProbe: PROBE } });
  await scene.well(cart);
  await scene.known(cart);
  scene.fault();
  await scene.rollOut(cart, { command: ["/bin/no-such-program"] });
  const held = await scene.reaches(cart, "held");
  scene.note(cart);
  const gate = held.phase === "held" ? held.decision?.gates.find((answer) => answer.gate === "ownership") : undefined;
  expect(gate).toMatchObject({ answer: "block", reason: expect.stringContaining("Argo CD application shop") });
  expect(gate?.offer).toContain("kind: Deployment");
  expect(gate?.offer).toContain(JSON.stringify(SERVE).slice(1, -1));
  await scene.expectUntouched();
  expect((await scene.get(cart))["spec"].template.spec.containers[0].command).toEqual(["/bin/no-such-program"]);
}

/** One restart, a pod that took long to start, and one that is complete. */
async function noisy(scene: Scene): Promise<void> {
  scene.fault();
  const volumes = [{ name: "memory", emptyDir: {} }];
  const restartsOnce = `test -e /memory/been || { touch /memory/been; exit 1; }; ${SERVE}`;
  const container = { readinessProbe: PROBE, volumeMounts: [{ name: "memory", mountPath: "/memory" }] };
  const restarted = await scene.deploy("restarts-once", { run: restartsOnce, pod: { volumes }, container });
  const startupProbe = { ...PROBE, failureThreshold: 40 };
  const slow = await scene.deploy("starts-slowly", { run: `sleep 20; ${SERVE}`, container: { readinessProbe: PROBE, startupProbe } });
  const template = { spec: { restartPolicy: "Never", containers: [scene.container("true")] } };
  await scene.create("batch/v1", "Job", "done", { spec: { template } });
  await scene.serve("restarts-once");
  await scene.well(restarted);
  await scene.well(slow);
  await until("the Job is complete", async () => (await scene.get(scene.ref("Job", "done")))["status"].succeeded === 1);
  const pods = await scene.person.list("v1", "Pod", scene.namespace, "?labelSelector=app%3Drestarts-once");
  expect(pods.map((pod) => pod["status"].containerStatuses[0].restartCount)).toEqual([1, 1]);
  const wellAt = Date.now();
  // Longer than any window of the policy but the crash window, in which one restart may not become a finding.
  await sleep(25_000);
  expect(scene.incidents()).toEqual([]);
  scene.note(restarted, wellAt);
  await scene.expectUntouched();
}

/** Each new pod needs longer than the window after which a pod that is not ready would be a finding. */
async function slowRollout(scene: Scene): Promise<void> {
  const readinessProbe = { ...PROBE, initialDelaySeconds: 14 };
  const cart = await scene.deploy("cart", { container: { readinessProbe }, spec: { strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } } });
  await scene.serve("cart");
  await scene.well(cart);
  scene.fault();
  await scene.rollOut(cart, { env: [{ name: "COLOUR", value: "gold" }] });
  await until("the new revision is all there", async () => {
    const object = await scene.get(cart);
    return object["status"].updatedReplicas === 2 && (await scene.well(cart)) !== undefined;
  });
  const wellAt = Date.now();
  await sleep(12_000);
  expect(scene.incidents()).toEqual([]);
  scene.note(cart, wellAt);
  await scene.expectUntouched();
}

export const leftAlone: readonly Story[] = [
  { id: "missing ConfigMap", name: "a ConfigMap that its owner restores heals unaided", tell: missingConfigMap },
  { id: "crash loop, no good revision", name: "a crash loop without a good revision is escalated and nothing is touched", tell: crashWithoutPast },
  { id: "failed Job, unlabelled", name: "a failed Job that says nothing is escalated and not run again", tell: jobThatSaysNothing },
  { id: "GitOps-owned", name: "what Argo CD keeps is held, with a patch to commit", tell: keptByArgo },
  { id: "healthy but noisy", name: "single restarts, slow starts and completed pods are no incident", tell: noisy },
  { id: "slow good rollout", name: "a slow rollout that gets ahead is no incident", tell: slowRollout },
];
