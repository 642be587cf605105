import { type Container, conditionOf, type Pod } from "@kintsugi/core";
import { beforeEach, describe, expect, test } from "vitest";
import { createCluster, type SimCluster } from "../cluster.ts";
import { isReady, restarts } from "../controllers/pods.ts";
import { ADMIN, addNamespace, addNode, configMap, container } from "../scenario/objects.ts";
import { recordTranscript } from "../transcript.ts";
import { behaviour, type ImageBehaviour, task } from "../world/images.ts";
import { fullAt, workingSet } from "./exit-plan.ts";

const MIB = 2 ** 20;
let cluster: SimCluster;

beforeEach(() => {
  cluster = createCluster({ seed: "kubelet" });
  addNode(cluster.world, { name: "node-1" });
  addNamespace(cluster.world, "shop");
});

function wait(seconds: number): void {
  cluster.timeline.advanceTo(cluster.timeline.now() + seconds * 1000);
}

function start(does: ImageBehaviour | undefined, over: Partial<Container> = {}, restartPolicy = "Always"): void {
  if (does !== undefined) cluster.world.images.publish("shop/app:v1", does);
  const spec = { containers: [{ ...container({ name: "app", namespace: "shop", image: "shop/app:v1" }), ...over } as Container], restartPolicy };
  cluster.world.api.create(ADMIN, { kind: "Pod", metadata: { name: "app", namespace: "shop" }, spec });
}

function pod(): Pod {
  const found = cluster.world.store.get("Pod", "shop", "app");
  if (found === undefined) throw new Error("no pod");
  return found;
}

const status = () => pod().status.containerStatuses[0];
const events = () => cluster.world.store.list("Event").map((event) => `${event.reason} x${event.count}`);

describe("a container", () => {
  test("goes from Pending through ContainerCreating to Running and Ready", () => {
    const seen: string[] = [];
    cluster.world.store.onChange(["Pod"], ({ after }) => {
      if (after?.kind !== "Pod") return;
      const one = after.status.containerStatuses[0];
      const text = `${after.status.phase} ${one?.state.waiting?.reason ?? (one?.state.running === undefined ? "-" : "running")}${isReady(after) ? " ready" : ""}`;
      if (seen.at(-1) !== text) seen.push(text);
    });
    start(behaviour());
    wait(60);
    expect(seen).toEqual(["Pending -", "Pending ContainerCreating", "Running running", "Running running ready"]);
  });

  test("that ends at once again and again restarts with 10 s, 20 s, 40 s and so on, up to 300 s", () => {
    start(behaviour({ exits: [{ when: { type: "always" }, afterMs: 0, code: 1, log: "boom" }] }));
    const starts: number[] = [];
    let last = -1;
    cluster.world.store.onChange(["Pod"], ({ after }) => {
      const running = after?.kind === "Pod" ? after.status.containerStatuses[0] : undefined;
      if (running !== undefined && running.restartCount !== last) {
        last = running.restartCount;
        starts.push(cluster.timeline.now());
      }
    });
    wait(1800);
    const gaps = starts.slice(1).map((at, i) => Math.round((at - (starts[i] ?? 0)) / 1000));
    // The kubelet looks again 10 to 15 s after it could not go on, not when the back-off ends.
    const waited = [10, 20, 40, 80, 160, 300, 300].map((delay, i) => (gaps[i + 1] ?? 0) - delay);
    for (const beyond of waited) expect(beyond).toBeGreaterThanOrEqual(0);
    for (const beyond of waited) expect(beyond).toBeLessThanOrEqual(17);
    expect(status()?.state.waiting).toMatchObject({ reason: "CrashLoopBackOff" });
    expect(status()?.state.waiting?.message).toBe(`back-off 5m0s restarting failed container=app pod=app_shop(${pod().metadata.uid})`);
    expect(status()?.lastState.terminated).toMatchObject({ reason: "Error", exitCode: 1 });
    expect(cluster.kubelets.log({ kind: "Pod", namespace: "shop", name: "app" }, "app")).toBe("boom");
    expect(pod().status.phase).toBe("Running");
  });

  test("that runs well for more than ten minutes begins its back-off anew", () => {
    const exits = [{ when: { type: "always" }, afterMs: 700_000, code: 1, log: "" } as const];
    start(behaviour({ exits }));
    wait(4 * 720);
    expect(restarts(pod())).toBeGreaterThanOrEqual(3);
    expect(events().filter((event) => event.startsWith("BackOff"))).toEqual([]);
  });

  test("repeats its Events by count, and is held to 25 of them", () => {
    start(behaviour({ exits: [{ when: { type: "always" }, afterMs: 0, code: 1, log: "" }] }));
    wait(1200);
    const counts = cluster.world.store
      .list("Event")
      .filter((event) => event.source === "kubelet")
      .map((event) => event.count);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(25 + 4);
    expect(Math.max(...counts)).toBeGreaterThan(3);
  });

  test("of an image that exists nowhere alternates between ErrImagePull and ImagePullBackOff", () => {
    start(undefined);
    const transcript = recordTranscript(cluster.world, (object) => object.kind === "Pod");
    wait(120);
    const reasons = transcript.lines.map((line) => /app=(\w+)/.exec(line)?.[1]).filter((reason) => reason !== undefined);
    expect(reasons.slice(0, 5)).toEqual(["ContainerCreating", "ErrImagePull", "ImagePullBackOff", "ErrImagePull", "ImagePullBackOff"]);
    expect(status()?.state.waiting?.message).toMatch(/^Back-off pulling image "shop\/app:v1": ErrImagePull: rpc error: code = NotFound /);
    cluster.world.images.publish("shop/app:v1", behaviour());
    wait(400);
    expect(isReady(pod())).toBe(true);
  });

  test("whose command is not in the image fails to start, with the runtime's words and no start time", () => {
    start(behaviour(), { command: ["nosuch"] });
    wait(60);
    expect(status()?.lastState.terminated).toMatchObject({ reason: "StartError", exitCode: 128, startedAt: "1970-01-01T00:00:00Z" });
    expect(status()?.lastState.terminated?.message).toContain('exec: "nosuch": executable file not found in $PATH');
    expect(["RunContainerError", "CrashLoopBackOff"]).toContain(status()?.state.waiting?.reason);
  });

  test("with a limit of a few Mi cannot even be started", () => {
    start(behaviour(), { resources: { limits: { memory: "4Mi" }, requests: { memory: "4Mi" } } });
    wait(60);
    expect(status()?.lastState.terminated).toMatchObject({ reason: "StartError", exitCode: 128 });
    expect(status()?.lastState.terminated?.message).toContain("container init was OOM-killed");
  });

  test("waits for a ConfigMap, then for its key, and starts when both are there", () => {
    const env = [{ name: "A", valueFrom: { configMapKeyRef: { name: "settings", key: "a" } } }];
    start(behaviour(), { env });
    wait(20);
    expect(status()?.state.waiting).toEqual({ reason: "CreateContainerConfigError", message: 'configmap "settings" not found' });
    cluster.world.api.create(ADMIN, configMap("shop", "settings", ["b"]));
    // One pass finds out, the next one says so.
    wait(30);
    expect(status()?.state.waiting?.message).toBe("couldn't find key a in ConfigMap shop/settings");
    const map = cluster.world.store.get("ConfigMap", "shop", "settings");
    if (map !== undefined) cluster.world.api.update(ADMIN, { ...map, keys: ["a", "b"] });
    wait(30);
    expect(isReady(pod())).toBe(true);
  });

  test("of a pod with a volume from a missing ConfigMap stays in ContainerCreating with FailedMount", () => {
    cluster.world.images.publish("shop/app:v1", behaviour());
    const volumes = [{ name: "files", configMap: { name: "files" } }];
    const spec = { containers: [container({ name: "app", namespace: "shop", image: "shop/app:v1" })], volumes };
    cluster.world.api.create(ADMIN, { kind: "Pod", metadata: { name: "app", namespace: "shop" }, spec });
    wait(30);
    expect(status()?.state.waiting?.reason).toBe("ContainerCreating");
    const mounts = cluster.world.store.list("Event").filter((event) => event.reason === "FailedMount");
    expect(mounts[0]?.message).toBe('MountVolume.SetUp failed for volume "files" : configmap "files" not found');
    cluster.world.api.create(ADMIN, configMap("shop", "files", ["x"]));
    wait(60);
    expect(isReady(pod())).toBe(true);
  });

  test("that takes a Secret starts when the Secret is there, which nobody ever observes", () => {
    start(behaviour(), { envFrom: [{ secretRef: { name: "keys" } }] });
    wait(20);
    expect(status()?.state.waiting?.message).toBe('secret "keys" not found');
    cluster.world.secrets.set("shop/keys", ["token"]);
    wait(40);
    expect(isReady(pod())).toBe(true);
  });
});

describe("probes", () => {
  test("a liveness probe that fails three times restarts the container, with Unhealthy and Killing", () => {
    const unready = [{ when: { type: "fact", name: "stuck" }, statusCode: 500 } as const];
    start(behaviour({ unready }), { livenessProbe: { httpGet: { path: "/healthz", port: 8080 }, periodSeconds: 5 } });
    wait(60);
    cluster.world.facts.set("stuck", cluster.timeline.now());
    wait(25);
    expect(restarts(pod())).toBe(1);
    const messages = cluster.world.store.list("Event").map((event) => event.message);
    expect(messages).toContain("Liveness probe failed: HTTP probe failed with statuscode: 500");
    expect(messages).toContain("Container app failed liveness probe, will be restarted");
  });

  test("a startup probe holds the others back until it has passed", () => {
    const startupProbe = { httpGet: { path: "/healthz", port: 8080 }, periodSeconds: 5, failureThreshold: 30 };
    const livenessProbe = { httpGet: { path: "/healthz", port: 8080 }, periodSeconds: 5 };
    start(behaviour({ startMs: 60_000 }), { startupProbe, livenessProbe });
    wait(50);
    expect(status()).toMatchObject({ started: false, ready: false, restartCount: 0 });
    wait(60);
    expect(status()).toMatchObject({ started: true, ready: true, restartCount: 0 });
  });

  test("a readiness probe turns after three failures and back after one success", () => {
    start(behaviour({ unready: [{ when: { type: "fact", name: "away" }, statusCode: 503 }] }));
    wait(60);
    cluster.world.facts.set("away", cluster.timeline.now());
    wait(15);
    expect(isReady(pod())).toBe(true);
    wait(20);
    expect(isReady(pod())).toBe(false);
    expect(conditionOf(pod().status.conditions, "Ready")).toMatchObject({ reason: "ContainersNotReady", message: "containers with unready status: [app]" });
    cluster.world.facts.clear("away");
    wait(11);
    expect(isReady(pod())).toBe(true);
  });
});

describe("the end of a pod", () => {
  test("Never and exit 0 is Succeeded, another code is Failed", () => {
    start(task(5_000), { readinessProbe: undefined } as unknown as Partial<Container>, "Never");
    wait(30);
    expect(pod().status.phase).toBe("Succeeded");
    expect(conditionOf(pod().status.conditions, "Ready")).toMatchObject({ status: "False", reason: "PodCompleted" });
  });

  test("OnFailure restarts what failed and not what ended well", () => {
    const exits = [{ when: { type: "first-runs", count: 1 }, afterMs: 1_000, code: 2, log: "" } as const];
    start(task(5_000, { exits }), {}, "OnFailure");
    wait(60);
    expect(pod().status.phase).toBe("Succeeded");
    expect(restarts(pod())).toBe(1);
  });

  test("init containers run one after the other before the others", () => {
    cluster.world.images.publish("shop/init:v1", task(4_000));
    cluster.world.images.publish("shop/app:v1", behaviour());
    const init = (name: string): Container => ({ name, image: "shop/init:v1" });
    const spec = { initContainers: [init("one"), init("two")], containers: [container({ name: "app", namespace: "shop", image: "shop/app:v1" })] };
    cluster.world.api.create(ADMIN, { kind: "Pod", metadata: { name: "app", namespace: "shop" }, spec });
    wait(3);
    expect(status()?.state.waiting?.reason).toBe("PodInitializing");
    expect(conditionOf(pod().status.conditions, "Initialized")).toMatchObject({ status: "False", message: "containers with incomplete status: [one two]" });
    wait(60);
    expect(pod().status.initContainerStatuses.map((one) => one.state.terminated?.reason)).toEqual(["Completed", "Completed"]);
    expect(isReady(pod())).toBe(true);
  });
});

describe("memory", () => {
  test("a leak ends at the limit, later with a higher limit", () => {
    const need = { baseBytes: 100 * MIB, leakBytesPerHour: 100 * MIB };
    expect(fullAt(need, 150 * MIB, 0)).toBe(1_800_000);
    expect(fullAt(need, 200 * MIB, 0)).toBe(3_600_000);
    expect(workingSet(need, 0, 1_800_000)).toBe(150 * MIB);
  });

  test("a peak below the limit never ends it, one above always does", () => {
    const need = { baseBytes: 100 * MIB, peakBytes: 180 * MIB, peakAfterMs: 60_000 };
    expect(fullAt(need, 200 * MIB, 0)).toBeUndefined();
    expect(fullAt(need, 140 * MIB, 0)).toBe(65_000);
    expect(workingSet(need, 0, 65_000)).toBe(140 * MIB);
  });

  test("usage is what a metrics source would say, and unknown when the node does not answer", () => {
    start(behaviour({ memory: { baseBytes: 64 * MIB }, cpuCores: 0.2 }));
    wait(60);
    const ref = { kind: "Pod", namespace: "shop", name: "app" } as const;
    expect(cluster.kubelets.usage(ref, "app")).toEqual({ cpuCores: 0.2, memoryBytes: 64 * MIB, memoryLimitBytes: 256 * MIB });
    cluster.silenceNode("node-1");
    expect(cluster.kubelets.usage(ref, "app")).toBeUndefined();
  });
});
