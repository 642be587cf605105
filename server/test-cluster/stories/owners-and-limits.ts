/** What is lacking is given back: memory, room in a quota, a selector, replicas, a second run. */
import { expect } from "vitest";
import { until } from "../harness/person.ts";
import type { Scene } from "../harness/scene.ts";
import type { Story } from "./story.ts";

const MI = 2 ** 20;

/** Holds so many bytes and ends when it is killed. The writer stays, so that the reader waits with its buffer full. */
function holds(bytes: number): string {
  return `mkfifo /tmp/work; (head -c ${bytes} /dev/zero; sleep 1000000) > /tmp/work & exec tail -c ${bytes} /tmp/work`;
}

async function undersized(scene: Scene): Promise<void> {
  scene.fault();
  const cart = await scene.deploy("cart", { replicas: 1, run: holds(40_000_000), container: { resources: { limits: { memory: "32Mi" } } } });
  const { spec } = await scene.healed(cart, ({ metadata }) => metadata["generation"] === 2);
  expect(spec.template.spec.containers[0].resources).toEqual({ limits: { memory: "48Mi" } });
  await scene.reaches(cart, "resolved");
  await scene.well(cart);
  scene.expectWrites("patch deployments cart");
}

async function lowered(scene: Scene): Promise<void> {
  const cart = await scene.deploy("cart", { replicas: 1, run: holds(40_000_000), container: { resources: { limits: { memory: `${64 * MI}` } } } });
  await scene.well(cart);
  await scene.known(cart);
  scene.fault();
  await scene.rollOut(cart, { resources: { limits: { memory: "24Mi" } } });
  const { spec } = await scene.healed(cart, ({ metadata }) => metadata["generation"] === 3);
  expect(spec.template.spec.containers[0].resources).toEqual({ limits: { memory: `${64 * MI}` } });
  await scene.reaches(cart, "resolved");
  scene.expectWrites("patch deployments cart");
}

/** Finished pods of a Job fill a quota on the number of pods. */
async function fullOfFinished(scene: Scene): Promise<void> {
  await scene.create("v1", "ResourceQuota", "pods", { spec: { hard: { "count/pods": "3" } } });
  const template = { spec: { restartPolicy: "Never", containers: [scene.container("true")] } };
  await scene.create("batch/v1", "Job", "import", { spec: { completions: 2, parallelism: 2, template } });
  const done = async () => (await scene.get(scene.ref("Job", "import")))["status"].succeeded === 2;
  await until("the Job is complete", done);
  const imports = async () => scene.person.list("v1", "Pod", scene.namespace, "?labelSelector=job-name%3Dimport");
  const before = await imports();
  scene.fault();
  const cart = await scene.deploy("cart");
  await scene.healed(cart, () => true);
  await scene.reaches(cart, "resolved");
  const left = new Set((await imports()).map(({ metadata }) => metadata.name));
  // One is enough, and so one goes; the Job stays complete.
  const gone = before.map(({ metadata }) => metadata.name).filter((name) => !left.has(name));
  expect(gone).toHaveLength(1);
  scene.expectWrites(`delete pods ${gone[0]}`);
  expect(await done()).toBe(true);
}

async function wrongSelector(scene: Scene): Promise<void> {
  const deployment = await scene.deploy("cart");
  const service = await scene.serve("cart");
  await scene.well(deployment);
  await scene.known(service);
  scene.fault();
  await scene.patch(service, { spec: { selector: { app: "basket" } } });
  await until("its slices have ready endpoints again", async () => {
    const { spec } = await scene.get(service);
    const slices = await scene.person.list("discovery.k8s.io/v1", "EndpointSlice", scene.namespace);
    const ready = slices.flatMap(({ endpoints }) => (endpoints ?? []) as { conditions: { ready: boolean } }[]).filter(({ conditions }) => conditions.ready);
    return spec.selector.app === "cart" && ready.length === 2;
  });
  scene.note(service, Date.now());
  await scene.reaches(service, "resolved");
  scene.expectWrites("patch services cart");
}

async function scaledToZero(scene: Scene): Promise<void> {
  const cart = await scene.deploy("cart");
  await scene.serve("cart");
  await scene.well(cart);
  await scene.known(cart);
  scene.fault();
  await scene.patch(cart, { spec: { replicas: 0 } });
  await scene.healed(cart, ({ spec }) => spec.replicas === 2);
  scene.expectWrites("patch deployments cart");
}

/** The first run finds its source away, a later one finds it there. */
async function failedOnce(scene: Scene): Promise<void> {
  const source = [{ configMapRef: { name: "source", optional: true } }];
  const template = { spec: { restartPolicy: "Never", containers: [scene.container('sleep 4; test "$SOURCE" = there', { envFrom: source })] } };
  const labels = { "kintsugi.dev/idempotent": "true" };
  const { metadata } = await scene.create("batch/v1", "Job", "import", { spec: { backoffLimit: 0, template } }, { labels });
  await until("its first run has begun", async () => (await scene.person.list("v1", "Pod", scene.namespace))[0]?.["status"].phase === "Running");
  await scene.create("v1", "ConfigMap", "source", { data: { SOURCE: "there" } });
  const job = scene.ref("Job", "import");
  await until("the first run has failed", async () => (await scene.get(job))["status"].failed === 1);
  scene.fault();
  const again = await until("a second run is complete", async () => {
    const jobs = await scene.person.list("batch/v1", "Job", scene.namespace);
    return jobs.find((other) => other.metadata.name !== "import" && other["status"].succeeded === 1);
  });
  scene.note(job, Date.now());
  await scene.reaches(job, "resolved");
  expect(again.metadata["annotations"]).toMatchObject({ "kintsugi.dev/recreated-from": "import" });
  expect((await scene.get(job)).metadata["uid"]).toBe(metadata["uid"]);
  scene.expectWrites(`create jobs ${again.metadata.name}`);
}

export const ownersAndLimits: readonly Story[] = [
  { id: "OOM by limit", name: "a memory limit that was always too small is raised once, by the stated factor", tell: undersized },
  { id: "OOM after a rollout", name: "a memory limit that a rollout lowered is rolled back", tell: lowered },
  { id: "quota exceeded", name: "finished pods that fill a quota make room", tell: fullOfFinished },
  { id: "selector mismatch", name: "a Service gets back the selector with which it worked", tell: wrongSelector },
  { id: "scaled to zero", name: "a Deployment gets its replicas back where policy names the mode", tell: scaledToZero },
  { id: "failed Job", name: "a failed Job that says it may is run once more beside itself", tell: failedOnce },
];
