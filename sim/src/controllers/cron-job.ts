/** CronJob controller v2 (pkg/controller/cronjob). Schedules in minutes and hours: a star, a star with a step, numbers, lists of numbers; UTC. */
import { type CronJob, controllerOf, type Job } from "@kintsugi/core";
import { controllerActor } from "../api/actor.ts";
import type { CronSpec } from "../api/hidden.ts";
import { sameJson } from "../world/same.ts";
import { isoTime } from "../world/time.ts";
import type { World } from "../world/world.ts";
import { jobEnd } from "./job.ts";
import { ownerReference } from "./pods.ts";
import { keyOf, splitKey, WorkQueue } from "./queue.ts";

const ACTOR = controllerActor("cronjob-controller");
const SOURCE = "cronjob-controller";
const MINUTE_MS = 60_000;

export function startCronJobs(world: World): void {
  // Jobs whose end was told in an Event, by uid.
  const told = new Set<string>();
  const queue: WorkQueue = new WorkQueue(world, "cronjob", (key) => reconcile(world, queue, told, key));
  world.store.onChange(["CronJob"], ({ after }) => {
    if (after !== undefined) queue.add(keyOf(after.metadata));
  });
  world.store.onChange(["Job"], ({ before, after }) => {
    const job = after ?? before;
    const owner = job === undefined ? undefined : controllerOf(job);
    if (job !== undefined && owner?.kind === "CronJob") queue.add(`${job.metadata.namespace}/${owner.name}`);
  });
}

function reconcile(world: World, queue: WorkQueue, told: Set<string>, key: string): void {
  const { namespace, name } = splitKey(key);
  const cron = world.store.get("CronJob", namespace, name);
  const spec = cron === undefined ? undefined : world.api.hidden(cron).cron;
  if (cron === undefined || spec === undefined || cron.metadata.deletionTimestamp !== undefined) return;
  const now = world.timeline.now();
  const jobs = world.store.ownedBy("Job", cron.metadata.uid);
  noteEnds(world, told, cron, jobs);
  pruneHistory(world, jobs, spec);
  if (cron.spec.suspend) return;
  const since = Date.parse(cron.status.lastScheduleTime === "" ? cron.metadata.creationTimestamp : cron.status.lastScheduleTime);
  const due = nextTime(cron.spec.schedule, since);
  if (due !== undefined && due <= now) start(world, cron, spec, jobs, due);
  const next = nextTime(cron.spec.schedule, now);
  if (next !== undefined) queue.addAfter(key, next - now + 10);
}

function start(world: World, cron: CronJob, spec: CronSpec, jobs: readonly Job[], due: number): void {
  const running = jobs.filter((job) => jobEnd(job) === undefined);
  if (running.length > 0 && spec.concurrencyPolicy === "Forbid") {
    const message = "Not starting job because prior execution is running and concurrency policy is Forbid";
    world.events.emit(SOURCE, cron, { type: "Normal", reason: "JobAlreadyActive", message });
    return;
  }
  const { namespace } = cron.metadata;
  if (spec.concurrencyPolicy === "Replace") for (const job of running) world.api.remove(ACTOR, { kind: "Job", namespace, name: job.metadata.name });
  const name = `${cron.metadata.name}-${Math.floor(due / MINUTE_MS)}`;
  if (world.store.get("Job", namespace, name) === undefined) {
    const { labels, annotations } = spec.jobTemplate;
    const metadata = { name, namespace, labels, annotations: { ...annotations, "batch.kubernetes.io/cronjob-scheduled-timestamp": isoTime(due) } };
    world.api.create(ACTOR, { kind: "Job", metadata: { ...metadata, ownerReferences: [ownerReference(cron)] }, spec: spec.jobTemplate.spec });
    world.events.emit(SOURCE, cron, { type: "Normal", reason: "SuccessfulCreate", message: `Created job ${name}` });
  }
  const fresh = world.store.get("CronJob", namespace, cron.metadata.name);
  if (fresh !== undefined) world.api.update(ACTOR, { ...fresh, status: { ...fresh.status, lastScheduleTime: isoTime(due) } }, { subresource: "status" });
}

function noteEnds(world: World, told: Set<string>, cron: CronJob, jobs: readonly Job[]): void {
  const completed = jobs.filter((job) => jobEnd(job) === "Complete").map((job) => job.status.completionTime);
  const last = [cron.status.lastSuccessfulTime, ...completed].sort().at(-1) ?? "";
  for (const job of jobs) {
    const end = jobEnd(job);
    if (end === undefined || told.has(job.metadata.uid)) continue;
    told.add(job.metadata.uid);
    const message = `Saw completed job: ${job.metadata.name}, condition: ${end}`;
    world.events.emit(SOURCE, cron, { type: "Normal", reason: "SawCompletedJob", message });
  }
  const status = { ...cron.status, lastSuccessfulTime: last };
  const fresh = world.store.get("CronJob", cron.metadata.namespace, cron.metadata.name);
  if (fresh !== undefined && !sameJson(status, fresh.status)) world.api.update(ACTOR, { ...fresh, status }, { subresource: "status" });
}

function pruneHistory(world: World, jobs: readonly Job[], spec: CronSpec): void {
  const keep = { Complete: spec.successfulJobsHistoryLimit, Failed: spec.failedJobsHistoryLimit };
  for (const end of ["Complete", "Failed"] as const) {
    const ended = jobs.filter((job) => jobEnd(job) === end).sort((a, b) => (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? -1 : 1));
    for (const job of ended.slice(0, Math.max(0, ended.length - keep[end]))) {
      world.api.remove(ACTOR, { kind: "Job", namespace: job.metadata.namespace, name: job.metadata.name });
    }
  }
}

/** The next moment after `since` that the schedule names; undefined for schedules that are not understood. */
export function nextTime(schedule: string, since: number): number | undefined {
  const [minutes, hours, ...rest] = schedule.trim().split(/\s+/);
  if (minutes === undefined || hours === undefined || rest.length !== 3 || rest.some((field) => field !== "*")) return undefined;
  const [isMinute, isHour] = [fieldOf(minutes, 60), fieldOf(hours, 24)];
  if (isMinute === undefined || isHour === undefined) return undefined;
  let at = (Math.floor(since / MINUTE_MS) + 1) * MINUTE_MS;
  for (let i = 0; i < 2 * 24 * 60; i += 1, at += MINUTE_MS) {
    const minute = Math.floor(at / MINUTE_MS) % 60;
    const hour = Math.floor(at / (60 * MINUTE_MS)) % 24;
    if (isMinute(minute) && isHour(hour)) return at;
  }
  return undefined;
}

function fieldOf(text: string, below: number): ((value: number) => boolean) | undefined {
  if (text === "*") return () => true;
  const every = /^\*\/(\d+)$/.exec(text);
  if (every !== null) return (value) => value % Number(every[1]) === 0;
  const listed = text.split(",").map(Number);
  return listed.every((value) => Number.isInteger(value) && value >= 0 && value < below) ? (value) => listed.includes(value) : undefined;
}
