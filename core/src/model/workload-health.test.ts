import { expect, test } from "vitest";
import { viewOf } from "../testing/array-view.ts";
import { daemonSet, job, statefulSet } from "../testing/more-objects.ts";
import { pod, ref, running, waiting } from "../testing/objects.ts";
import { settled } from "../testing/scenes.ts";
import type { ClusterObject } from "./kube.ts";
import { workloadHealth } from "./workload-health.ts";

const cart = ref("Deployment", "cart");
const health = (objects: readonly ClusterObject[], subject = cart, views = {}) => workloadHealth(viewOf(objects, { health: views }), subject);

test("every wanted replica updated and ready is healthy", () => {
  expect(health(settled())).toMatchObject({ answer: "healthy" });
});

test.each([
  ["the controller has not seen the latest change", { metadata: { generation: 3 }, status: { observedGeneration: 2 } }],
  ["replicas are not updated", { status: { updatedReplicas: 1 } }],
  ["replicas are not available", { status: { availableReplicas: 1 } }],
  ["replicas of an older revision are left", { status: { replicas: 3 } }],
])("%s: not healthy", (_, over) => {
  expect(health(settled({ deployment: over }))).toMatchObject({ answer: "unhealthy" });
});

test("a pod that is not ready, or whose container is down, is not healthy whatever the counts still say", () => {
  expect(health(settled({ pods: (set) => [pod("a", { ownedBy: set, statuses: [running({ ready: false })] })] }))).toMatchObject({
    answer: "unhealthy",
    reason: "a is not ready",
  });
  const pulling = settled({ pods: (set) => [pod("a", { ownedBy: set, statuses: [waiting("ImagePullBackOff")] })] });
  expect(health(pulling)).toMatchObject({ reason: "container app of a: ImagePullBackOff" });
});

test("StatefulSets count their update, DaemonSets their nodes", () => {
  const updating = statefulSet("store", { status: { updateRevision: "store-2", updatedReplicas: 1 } });
  expect(health([updating], ref("StatefulSet", "store"))).toMatchObject({ answer: "unhealthy", reason: "1 of 2 replicas are updated" });
  expect(health([statefulSet()], ref("StatefulSet", "store"))).toMatchObject({ answer: "healthy" });
  expect(health([daemonSet("agent", { status: { numberReady: 1 } })], ref("DaemonSet", "agent"))).toMatchObject({ answer: "unhealthy" });
});

test("a Job's pods need not be ready", () => {
  const run = job("report", { status: { active: 1, succeeded: 0, conditions: [] } });
  expect(health([run, pod("a", { ownedBy: run, statuses: [running({ ready: false })] })], ref("Job", "report"))).toMatchObject({ answer: "healthy" });
});

test("what is gone, or cannot be seen now, is unknown", () => {
  expect(health([])).toMatchObject({ answer: "unknown" });
  expect(health(settled(), cart, { Pod: "stale" })).toMatchObject({ answer: "unknown" });
});
