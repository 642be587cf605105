/** A Job gave up, and no later run has made it good. Running it again is safe only where its owner has said so. */
import type { Case, Evidence, FailureMode, Health, Remedy } from "../../model/failure-mode.ts";
import { failedRun, hasFailed, hasSucceeded, RECREATED_FROM, runsOf, startedAt } from "../../model/job-state.ts";
import { conditionOf, type Job, refOf } from "../../model/kube.ts";
import { timeOf } from "../../model/time.ts";
import { against, favours, weigh } from "../evidence.ts";
import { quote } from "../failing-pods.ts";

export const failedJob: FailureMode = {
  id: "failed-job",
  number: 48,
  title: "Failed Job",
  explains: ["job-failed"],
  deterministic: true,
  maybeMeant: false,
  specificity: 1,
  examine,
  remedies,
  healthy,
  recurrenceMs: () => 30_000,
};

function runs(given: Case): readonly Job[] {
  const owner = given.view.find(given.subject);
  return owner === undefined ? [] : runsOf(given.view, owner);
}

function examine(given: Case): readonly Evidence[] | undefined {
  const all = runs(given);
  const failed = all.find(hasFailed);
  if (failed === undefined) return undefined;
  const condition = conditionOf(failed.status.conditions, "Failed");
  const ref = refOf(failed);
  const evidence: Evidence[] = [favours("gave-up", `${failed.metadata.name}: ${condition?.reason ?? "Failed"}${quote(condition?.message ?? "")}`, ref)];
  const made = failedRun(given.view, given.subject) === undefined;
  evidence.push(weigh("not-made-good", !made, ["no later run succeeded", "a later run succeeded or is under way"], ref));
  const twice = all.filter(hasFailed).length > 1;
  if (twice) evidence.push(favours("failed-again", "it is not the only run that failed", ref));
  if (all.some((job) => job.metadata.annotations[RECREATED_FROM] !== undefined)) evidence.push(against("was-run-again", "it was run again already", ref));
  return evidence;
}

function remedies(given: Case): readonly Remedy[] {
  const failed = failedRun(given.view, given.subject);
  // Once: a second run of the same work that fails as well is for a person.
  if (failed === undefined || runs(given).some((job) => isRetryOf(job, failed)) || failed.metadata.annotations[RECREATED_FROM] !== undefined) return [];
  return [{ action: "recreate-job", target: refOf(failed), params: {} }];
}

function isRetryOf(job: Job, failed: Job): boolean {
  return job.metadata.annotations[RECREATED_FROM] === failed.metadata.name;
}

function healthy(given: Case): Health {
  if (given.view.health("Job") !== "live") return { answer: "unknown", reason: "the view of Jobs is not live" };
  const newest = runs(given)[0];
  if (newest === undefined) return { answer: "unknown", reason: "no run of it exists" };
  if (hasSucceeded(newest)) return { answer: "healthy", reason: `${newest.metadata.name} is complete` };
  return hasFailed(newest) ? { answer: "unhealthy", reason: `${newest.metadata.name} failed` } : underWay(newest);
}

/** Nothing but its end says how a run went. Its own deadline ends it at the latest; the controller is given a minute to say so. */
function underWay(run: Job): Health {
  const { activeDeadlineSeconds } = run.spec;
  const began = timeOf(run.status.startTime) ?? startedAt(run);
  const until = activeDeadlineSeconds === undefined ? {} : { until: began + activeDeadlineSeconds * 1_000 + 60_000 };
  return { answer: "under-way", reason: `${run.metadata.name} is not over yet`, ...until };
}
