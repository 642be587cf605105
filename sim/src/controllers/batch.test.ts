import { describe, expect, test } from "vitest";
import { createCluster, type SimCluster } from "../cluster.ts";
import { ADMIN, addNamespace, addNode, daemonSet, job, jobSpec, statefulSet } from "../scenario/objects.ts";
import { Person } from "../scenario/people.ts";
import { behaviour, task } from "../world/images.ts";
import { nextTime } from "./cron-job.ts";

const MINUTE = 60_000;

function small(): SimCluster {
  const cluster = createCluster({ seed: "batch" });
  for (const n of [1, 2, 3]) addNode(cluster.world, { name: `node-${n}`, zone: `zone-${n}` });
  addNamespace(cluster.world, "data");
  return cluster;
}

function run(cluster: SimCluster, ms: number): void {
  cluster.timeline.advanceTo(cluster.timeline.now() + ms);
}

describe("a Job", () => {
  test("that ends well is Complete, and its pod stays Succeeded", () => {
    const cluster = small();
    cluster.world.images.publish("data/report:v1", task(20_000));
    cluster.world.api.create(ADMIN, job({ name: "report", namespace: "data", image: "data/report:v1" }));
    run(cluster, 2 * MINUTE);
    const found = cluster.world.store.get("Job", "data", "report");
    expect(found?.status).toMatchObject({ active: 0, succeeded: 1, failed: 0 });
    expect(found?.status.conditions.map((c) => `${c.type} ${c.reason}`)).toEqual(["SuccessCriteriaMet CompletionsReached", "Complete CompletionsReached"]);
    expect(cluster.world.store.list("Pod").map((pod) => pod.status.phase)).toEqual(["Succeeded"]);
  });

  test("that fails twice and then ends well is Complete with two failures, tried again after 10 s and 20 s", () => {
    const cluster = small();
    const failing = { when: { type: "first-runs", count: 2 }, afterMs: 2_000, code: 1, log: "deadlock" } as const;
    cluster.world.images.publish("data/load:v1", task(5_000, { exits: [failing] }));
    cluster.world.api.create(ADMIN, job({ name: "load", namespace: "data", image: "data/load:v1" }));
    run(cluster, 5 * MINUTE);
    const found = cluster.world.store.get("Job", "data", "load");
    expect(found?.status).toMatchObject({ succeeded: 1, failed: 2 });
    expect(found?.status.conditions.map((c) => c.type)).toContain("Complete");
    const pods = cluster.world.store.list("Pod");
    const ends = pods.slice(0, 2).map((pod) => Date.parse(pod.status.containerStatuses[0]?.state.terminated?.finishedAt ?? ""));
    const starts = pods.slice(1).map((pod) => Date.parse(pod.metadata.creationTimestamp));
    expect((starts[0] ?? 0) - (ends[0] ?? 0)).toBeGreaterThanOrEqual(10_000);
    expect((starts[1] ?? 0) - (ends[1] ?? 0)).toBeGreaterThanOrEqual(20_000);
  });

  test("that never ends well reaches its backoff limit and is Failed", () => {
    const cluster = small();
    const failing = { when: { type: "always" }, afterMs: 2_000, code: 3, log: "no such table" } as const;
    cluster.world.images.publish("data/migrate:v1", behaviour({ exits: [failing] }));
    cluster.world.api.create(ADMIN, job({ name: "migrate", namespace: "data", image: "data/migrate:v1", backoffLimit: 2 }));
    run(cluster, 10 * MINUTE);
    const found = cluster.world.store.get("Job", "data", "migrate");
    expect(found?.status).toMatchObject({ active: 0, succeeded: 0, failed: 3 });
    expect(found?.status.conditions.at(-1)).toMatchObject({
      type: "Failed",
      status: "True",
      reason: "BackoffLimitExceeded",
      message: "Job has reached the specified backoff limit",
    });
    expect(cluster.world.store.list("Event").map((event) => event.reason)).toContain("BackoffLimitExceeded");
  });

  test("that takes too long is Failed with DeadlineExceeded, and its pod is taken away", () => {
    const cluster = small();
    cluster.world.images.publish("data/slow:v1", task(3_600_000));
    cluster.world.api.create(ADMIN, job({ name: "slow", namespace: "data", image: "data/slow:v1", activeDeadlineSeconds: 60 }));
    run(cluster, 3 * MINUTE);
    expect(cluster.world.store.get("Job", "data", "slow")?.status.conditions.at(-1)?.reason).toBe("DeadlineExceeded");
    expect(cluster.world.store.list("Pod")).toEqual([]);
  });
});

describe("a CronJob", () => {
  test("makes a Job at each time of its schedule and keeps three that ended well", () => {
    const cluster = small();
    cluster.world.images.publish("data/tick:v1", task(5_000));
    const hidden = {
      cron: {
        jobTemplate: { labels: {}, annotations: {}, spec: jobSpec({ name: "tick", namespace: "data", image: "data/tick:v1" }) },
        concurrencyPolicy: "Forbid",
        successfulJobsHistoryLimit: 3,
        failedJobsHistoryLimit: 1,
      },
    } as const;
    cluster.world.api.create(
      ADMIN,
      { kind: "CronJob", metadata: { name: "tick", namespace: "data" }, spec: { schedule: "*/5 * * * *", suspend: false } },
      { hidden },
    );
    run(cluster, 31 * MINUTE);
    expect(cluster.world.store.list("Job").map((one) => one.status.succeeded)).toEqual([1, 1, 1]);
    const cron = cluster.world.store.get("CronJob", "data", "tick");
    expect(Date.parse(cron?.status.lastScheduleTime ?? "") % (5 * MINUTE)).toBe(0);
    expect(cron?.status.lastSuccessfulTime).not.toBe("");
  });

  test.each([
    ["*/5 * * * *", "2026-01-05T08:02:00Z", "2026-01-05T08:05:00Z"],
    ["0 * * * *", "2026-01-05T08:00:00Z", "2026-01-05T09:00:00Z"],
    ["30 2 * * *", "2026-01-05T08:00:00Z", "2026-01-06T02:30:00Z"],
    ["0,30 * * * *", "2026-01-05T08:00:00Z", "2026-01-05T08:30:00Z"],
  ])("%s after %s is %s", (schedule, since, next) => {
    expect(nextTime(schedule, Date.parse(since))).toBe(Date.parse(next));
  });

  test("a schedule that is not understood never starts", () => expect(nextTime("@weekly", 0)).toBeUndefined());
});

describe("a StatefulSet", () => {
  test("starts its ordinals one after the other and updates from the highest down", () => {
    const cluster = small();
    cluster.world.images.publish("data/db:v1", behaviour());
    cluster.world.images.publish("data/db:v2", behaviour());
    cluster.world.api.create(ADMIN, statefulSet({ name: "db", namespace: "data", image: "data/db:v1", replicas: 3 }));
    run(cluster, 3 * MINUTE);
    const pods = () => cluster.world.store.list("Pod").sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
    expect(pods().map((pod) => pod.metadata.name)).toEqual(["db-0", "db-1", "db-2"]);
    const created = pods().map((pod) => pod.metadata.creationTimestamp);
    expect([...created].sort()).toEqual(created);
    new Person(cluster.world, "dana").setImage({ kind: "StatefulSet", namespace: "data", name: "db" }, "data/db:v2");
    run(cluster, 5 * MINUTE);
    const again = pods().map((pod) => pod.metadata.creationTimestamp);
    expect([...again].sort().reverse()).toEqual(again);
    const found = cluster.world.store.get("StatefulSet", "data", "db");
    expect(found?.status).toMatchObject({ readyReplicas: 3, updatedReplicas: 3 });
    expect(found?.status.currentRevision).toBe(found?.status.updateRevision);
    expect(cluster.world.store.list("ControllerRevision").map((one) => one.revision)).toEqual([1, 2]);
  });

  test("with a broken new revision stays broken after the template is put back, until the broken pod is deleted", () => {
    const cluster = small();
    cluster.world.images.publish("data/db:v1", behaviour());
    cluster.world.api.create(ADMIN, statefulSet({ name: "db", namespace: "data", image: "data/db:v1", replicas: 2 }));
    run(cluster, 3 * MINUTE);
    const dana = new Person(cluster.world, "dana");
    const ref = { kind: "StatefulSet", namespace: "data", name: "db" } as const;
    dana.setImage(ref, "data/db:v9");
    run(cluster, 3 * MINUTE);
    dana.setImage(ref, "data/db:v1");
    run(cluster, 10 * MINUTE);
    const broken = cluster.world.store.get("Pod", "data", "db-1");
    expect(broken?.status.containerStatuses[0]?.state.waiting?.reason).toMatch(/ErrImagePull|ImagePullBackOff/);
    dana.remove({ kind: "Pod", namespace: "data", name: "db-1" });
    run(cluster, 2 * MINUTE);
    expect(cluster.world.store.get("StatefulSet", "data", "db")?.status.readyReplicas).toBe(2);
  });
});

describe("a DaemonSet", () => {
  test("runs one pod on each node, also on a cordoned one, and follows new nodes", () => {
    const cluster = small();
    cluster.world.images.publish("data/agent:v1", behaviour());
    cluster.world.api.create(ADMIN, daemonSet({ name: "agent", namespace: "data", image: "data/agent:v1" }));
    run(cluster, MINUTE);
    expect(cluster.world.store.get("DaemonSet", "data", "agent")?.status).toMatchObject({ desiredNumberScheduled: 3, numberReady: 3 });
    new Person(cluster.world, "dana").cordon("node-2");
    addNode(cluster.world, { name: "node-4" });
    run(cluster, MINUTE);
    const nodes = cluster.world.store.list("Pod").map((pod) => pod.spec.nodeName);
    expect([...nodes].sort()).toEqual(["node-1", "node-2", "node-3", "node-4"]);
  });

  test("is rolled one node at a time", () => {
    const cluster = small();
    cluster.world.images.publish("data/agent:v1", behaviour());
    cluster.world.images.publish("data/agent:v2", behaviour());
    cluster.world.api.create(ADMIN, daemonSet({ name: "agent", namespace: "data", image: "data/agent:v1" }));
    run(cluster, MINUTE);
    let fewest = 3;
    cluster.world.store.onChange(["DaemonSet"], ({ after }) => {
      if (after?.kind === "DaemonSet") fewest = Math.min(fewest, after.status.numberReady);
    });
    new Person(cluster.world, "dana").setImage({ kind: "DaemonSet", namespace: "data", name: "agent" }, "data/agent:v2");
    run(cluster, 5 * MINUTE);
    expect(cluster.world.store.get("DaemonSet", "data", "agent")?.status).toMatchObject({ updatedNumberScheduled: 3, numberReady: 3 });
    expect(fewest).toBe(2);
  });
});
