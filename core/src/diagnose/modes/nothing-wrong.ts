/** Everything that can be seen is well: a restart that helped, a rollout that is slow but gets ahead, a Job that succeeded in the end. */
import type { Case, Evidence, FailureMode } from "../../model/failure-mode.ts";
import { hasSucceeded, runsOf } from "../../model/job-state.ts";
import { type ClusterObject, conditionOf } from "../../model/kube.ts";
import { containerTroubles } from "../../model/pod-state.ts";
import { spanText, timeOf } from "../../model/time.ts";
import { workloadHealth } from "../../model/workload-health.ts";
import { against, favours } from "../evidence.ts";
import { activePods } from "../failing-pods.ts";

/** The kubelet forgets its back-off after ten minutes of good running. */
const FORGOTTEN_MS = 10 * 60_000;

export const nothingWrong: FailureMode = {
  id: "nothing-wrong",
  number: 146,
  title: "Nothing is wrong",
  explains: ["container-crashing", "oom-killed", "container-start", "pod-not-ready", "pod-unschedulable", "rollout-stalled", "replicas-missing", "job-failed"],
  deterministic: true,
  maybeMeant: false,
  specificity: 3,
  examine,
  remedies: () => [],
  healthy: (given) => workloadHealth(given.view, given.subject),
  recurrenceMs: () => 60_000,
};

function examine(given: Case): readonly Evidence[] | undefined {
  const owner = given.view.find(given.subject);
  if (owner === undefined) return undefined;
  const evidence = [...wellness(given, owner)];
  if (evidence.length === 0) return undefined;
  const fresh = activePods(given).flatMap((pod) => containerTroubles(pod).filter((t) => t.down || given.now - (t.endedAt ?? 0) < FORGOTTEN_MS));
  const first = fresh[0];
  if (first !== undefined) {
    const when = first.endedAt === undefined ? "" : ` ${spanText(given.now - first.endedAt)} ago`;
    evidence.push(against("ended-lately", `container ${first.container} ended${when} (${first.reason})`));
    if (fresh.some((trouble) => trouble.down || trouble.ends >= 2)) evidence.push(against("ended-again", "and not for the first time, or is still down"));
  }
  return evidence;
}

function wellness(given: Case, owner: ClusterObject): readonly Evidence[] {
  if (owner.kind === "Job" || owner.kind === "CronJob") {
    const newest = runsOf(given.view, owner)[0];
    return newest !== undefined && hasSucceeded(newest) ? [favours("job-complete", `${newest.metadata.name} is complete`)] : [];
  }
  const health = workloadHealth(given.view, given.subject);
  if (health.answer === "healthy") return [favours("all-ready", health.reason, given.subject)];
  return isGettingAhead(owner, given.now)
    ? [favours("rollout-gets-ahead", "its rollout is within its deadline and has lately made progress", given.subject)]
    : [];
}

/** A Deployment whose controller saw progress within half of its deadline. */
function isGettingAhead(owner: ClusterObject, now: number): boolean {
  if (owner.kind !== "Deployment") return false;
  const progressing = conditionOf(owner.status.conditions, "Progressing");
  const last = timeOf(progressing?.lastUpdateTime);
  return (
    progressing?.status === "True" &&
    progressing.reason !== "NewReplicaSetAvailable" &&
    last !== undefined &&
    now - last < owner.spec.progressDeadlineSeconds * 500
  );
}
