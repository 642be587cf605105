/** Job controller, NonIndexed (pkg/controller/job): pods one after the other, growing delays between failures, an end either way. */
import { type Condition, conditionOf, controllerOf, type Job, type Pod } from "@kintsugi/core";
import { controllerActor } from "../api/actor.ts";
import type { Random } from "../random.ts";
import { sameJson } from "../world/same.ts";
import { isoTime } from "../world/time.ts";
import type { World } from "../world/world.ts";
import { type ConditionText, setCondition } from "./conditions.ts";
import { isActive, isTerminal, podFromTemplate } from "./pods.ts";
import { keyOf, splitKey, WorkQueue } from "./queue.ts";

const ACTOR = controllerActor("job-controller");
const SOURCE = "job-controller";
/** DefaultJobPodFailureBackOff and MaxJobPodFailureBackOff. */
const BACKOFF_FIRST_MS = 10_000;
const BACKOFF_MOST_MS = 600_000;

export function startJobs(world: World): void {
  const random = world.random.fork("job");
  const queue: WorkQueue = new WorkQueue(world, "job", (key) => reconcile(world, random, queue, key));
  world.store.onChange(["Job"], ({ before, after }) => queue.add(keyOf((after ?? before)?.metadata ?? { namespace: "", name: "" })));
  world.store.onChange(["Pod"], ({ before, after }) => {
    const pod = after ?? before;
    const owner = pod === undefined ? undefined : controllerOf(pod);
    if (pod !== undefined && owner?.kind === "Job") queue.add(`${pod.metadata.namespace}/${owner.name}`);
  });
}

export function jobEnd(job: Job): "Complete" | "Failed" | undefined {
  if (conditionOf(job.status.conditions, "Complete")?.status === "True") return "Complete";
  return conditionOf(job.status.conditions, "Failed")?.status === "True" ? "Failed" : undefined;
}

function reconcile(world: World, random: Random, queue: WorkQueue, key: string): void {
  const { namespace, name } = splitKey(key);
  const found = world.store.get("Job", namespace, name);
  if (found === undefined || found.metadata.deletionTimestamp !== undefined) return;
  if (jobEnd(found) !== undefined) {
    expire(world, queue, found);
    return;
  }
  const job = begin(world, found);
  if (job.spec.suspend) return;
  const now = world.timeline.now();
  const pods = world.store.ownedBy("Pod", job.metadata.uid);
  const active = pods.filter(isActive);
  const succeeded = pods.filter((pod) => pod.status.phase === "Succeeded").length;
  const failed = Math.max(job.status.failed, pods.filter((pod) => pod.status.phase === "Failed").length);
  const end = endOf(job, pods, succeeded, failed, now);
  if (end !== undefined) {
    finish(world, queue, job, active, { succeeded, failed }, end);
    return;
  }
  const wanted = Math.min(job.spec.parallelism, job.spec.completions - succeeded);
  const waitMs = retryAt(pods, failed) - now;
  let created = 0;
  if (active.length < wanted && waitMs > 0) queue.addAfter(key, waitMs);
  else for (; active.length + created < wanted; created += 1) create(world, random, job);
  planDeadline(queue, job, now);
  writeStatus(world, job, { ...job.status, active: active.length + created, succeeded, failed });
}

/** Not before this is another pod started: 10 s after the last failure, doubling. */
function retryAt(pods: readonly Pod[], failed: number): number {
  if (failed === 0) return 0;
  const ends = pods
    .filter((pod) => pod.status.phase === "Failed")
    .flatMap((pod) => pod.status.containerStatuses.map((status) => Date.parse(status.state.terminated?.finishedAt ?? "")));
  const last = Math.max(0, ...ends.filter(Number.isFinite));
  return last + Math.min(BACKOFF_MOST_MS, BACKOFF_FIRST_MS * 2 ** (failed - 1));
}

function begin(world: World, job: Job): Job {
  if (job.status.startTime !== "" || job.spec.suspend) return job;
  return world.api.update(ACTOR, { ...job, status: { ...job.status, startTime: isoTime(world.timeline.now()) } }, { subresource: "status" });
}

function endOf(job: Job, pods: readonly Pod[], succeeded: number, failed: number, now: number): ConditionText | undefined {
  if (succeeded >= job.spec.completions)
    return { type: "Complete", status: "True", reason: "CompletionsReached", message: "Reached expected number of succeeded pods" };
  const restarts =
    job.spec.template.spec.restartPolicy === "OnFailure" ? pods.reduce((sum, pod) => sum + (pod.status.containerStatuses[0]?.restartCount ?? 0), 0) : 0;
  if (failed > job.spec.backoffLimit || (restarts > 0 && restarts >= job.spec.backoffLimit)) {
    return { type: "Failed", status: "True", reason: "BackoffLimitExceeded", message: "Job has reached the specified backoff limit" };
  }
  const { activeDeadlineSeconds } = job.spec;
  if (activeDeadlineSeconds !== undefined && now >= Date.parse(job.status.startTime) + activeDeadlineSeconds * 1000) {
    return { type: "Failed", status: "True", reason: "DeadlineExceeded", message: "Job was active longer than specified deadline" };
  }
  return undefined;
}

/** First the verdict, then, with the next pass, the end once no pod is left running (JobManagedBy and pod replacement policy of 1.34). */
function finish(world: World, queue: WorkQueue, job: Job, active: readonly Pod[], counts: { succeeded: number; failed: number }, end: ConditionText): void {
  const now = world.timeline.now();
  const verdict = { ...end, type: end.type === "Complete" ? "SuccessCriteriaMet" : "FailureTarget" } as const;
  for (const pod of active) world.api.remove(ACTOR, { kind: "Pod", namespace: pod.metadata.namespace, name: pod.metadata.name }, { uid: pod.metadata.uid });
  const conditions = setCondition(job.status.conditions, verdict, now, false);
  const isLeft = world.store.ownedBy("Pod", job.metadata.uid).some((pod) => !isTerminal(pod));
  if (isLeft || conditions !== job.status.conditions) {
    writeStatus(world, job, { ...job.status, ...counts, active: 0, conditions });
    return;
  }
  const all: readonly Condition[] = setCondition(conditions, end, now, false);
  const completionTime = end.type === "Complete" ? isoTime(now) : "";
  writeStatus(world, job, { ...job.status, ...counts, active: 0, completionTime, conditions: all });
  if (end.type === "Complete") world.events.emit(SOURCE, job, { type: "Normal", reason: "Completed", message: "Job completed" });
  else world.events.emit(SOURCE, job, { type: "Warning", reason: end.reason, message: end.message });
  const fresh = world.store.get("Job", job.metadata.namespace, job.metadata.name);
  if (fresh !== undefined) expire(world, queue, fresh);
}

/** TTL controller. */
function expire(world: World, queue: WorkQueue, job: Job): void {
  const { ttlSecondsAfterFinished } = job.spec;
  const end = conditionOf(job.status.conditions, jobEnd(job) ?? "");
  if (ttlSecondsAfterFinished === undefined || end === undefined) return;
  const dueMs = Date.parse(end.lastTransitionTime) + ttlSecondsAfterFinished * 1000 - world.timeline.now();
  if (dueMs > 0) queue.addAfter(keyOf(job.metadata), dueMs);
  else world.api.remove(controllerActor("ttl-after-finished-controller"), { kind: "Job", namespace: job.metadata.namespace, name: job.metadata.name });
}

function create(world: World, random: Random, job: Job): void {
  const name = `${job.metadata.name}-${random.suffix(5)}`;
  const { uid } = job.metadata;
  const labels = {
    "batch.kubernetes.io/job-name": job.metadata.name,
    "batch.kubernetes.io/controller-uid": uid,
    "job-name": job.metadata.name,
    "controller-uid": uid,
  };
  world.api.create(ACTOR, podFromTemplate(job, job.spec.template, name, labels));
  world.events.emit(SOURCE, job, { type: "Normal", reason: "SuccessfulCreate", message: `Created pod: ${name}` });
}

function planDeadline(queue: WorkQueue, job: Job, now: number): void {
  const { activeDeadlineSeconds } = job.spec;
  if (activeDeadlineSeconds === undefined) return;
  const dueMs = Date.parse(job.status.startTime) + activeDeadlineSeconds * 1000 - now;
  if (dueMs > 0) queue.addAfter(keyOf(job.metadata), dueMs);
}

function writeStatus(world: World, job: Job, status: Job["status"]): void {
  if (!sameJson(status, job.status)) world.api.update(ACTOR, { ...job, status }, { subresource: "status" });
}
