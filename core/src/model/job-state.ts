/** How a Job ended, and which of several runs counts. */
import { type ClusterObject, conditionOf, type Job } from "./kube.ts";
import type { Ref } from "./ref.ts";
import { timeOf } from "./time.ts";
import type { View } from "./view.ts";

/** On a Job that was made to run a failed one again: the name of the failed one. */
export const RECREATED_FROM = "kintsugi.dev/recreated-from";

/** Complete=True is a success whatever its pods did before. */
export function hasSucceeded(job: Job): boolean {
  return conditionOf(job.status.conditions, "Complete")?.status === "True";
}

export function hasFailed(job: Job): boolean {
  return !hasSucceeded(job) && conditionOf(job.status.conditions, "Failed")?.status === "True";
}

export function isOver(job: Job): boolean {
  return hasSucceeded(job) || hasFailed(job);
}

/** When it was over, ms; its creation where it is not. */
export function overAt(job: Job): number {
  const over = ["Complete", "Failed"].map((type) => conditionOf(job.status.conditions, type)).find((c) => c?.status === "True");
  return timeOf(over?.lastTransitionTime) ?? startedAt(job);
}

export function startedAt(job: Job): number {
  return timeOf(job.metadata.creationTimestamp) ?? 0;
}

/** The runs of a Job or CronJob, newest first. A Job made to run a failed one again counts as a later run of it. */
export function runsOf(view: View, owner: ClusterObject): readonly Job[] {
  if (owner.kind === "Job") return [...retriesOf(view, owner), owner].sort(newestFirst);
  if (owner.kind !== "CronJob") return [];
  const own = view.ownedBy("Job", owner.metadata.uid);
  return [...own, ...own.filter(hasFailed).flatMap((job) => retriesOf(view, job))].sort(newestFirst);
}

function retriesOf(view: View, failed: Job): readonly Job[] {
  const { namespace, name } = failed.metadata;
  return view.inNamespace("Job", namespace).filter((job) => job.metadata.annotations[RECREATED_FROM] === name);
}

function newestFirst(a: Job, b: Job): number {
  return startedAt(b) - startedAt(a) || (a.metadata.name < b.metadata.name ? 1 : -1);
}

/** The failed run that nothing has made good since: no later run succeeded or still has its chance. */
export function unmadeFailure(runs: readonly Job[]): Job | undefined {
  for (const run of runs) {
    if (hasSucceeded(run) || !isOver(run)) return undefined;
    if (hasFailed(run)) return run;
  }
  return undefined;
}

/** The Job of the subject that failed and was not made good. */
export function failedRun(view: View, subject: Ref): Job | undefined {
  const owner = view.find(subject);
  return owner === undefined ? undefined : unmadeFailure(runsOf(view, owner));
}
