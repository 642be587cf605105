/** A ResourceQuota keeps pods from being created. Tidying up helps only where finished objects count against it. */

import { counted } from "../../model/counted.ts";
import { failedCreate, type Refusal } from "../../model/failed-create.ts";
import type { Case, Evidence, FailureMode, Health, Remedy } from "../../model/failure-mode.ts";
import { isOver } from "../../model/job-state.ts";
import { controllerOf, type Pod, type ResourceQuota, refOf } from "../../model/kube.ts";
import { createdAt, isFinished, isTerminating } from "../../model/pod-state.ts";
import { parseQuantity } from "../../model/quantity.ts";
import type { Ref } from "../../model/ref.ts";
import { workloadHealth } from "../../model/workload-health.ts";
import { against, favours, weigh } from "../evidence.ts";
import { quote } from "../failing-pods.ts";

/** Finished pods count against the number of objects, and against nothing else (quota evaluator core/pods.go). */
const COUNTS_FINISHED = "count/pods";
const MAX_DELETED = 50;

export const quotaExceeded: FailureMode = {
  id: "quota-exceeded",
  number: 58,
  title: "Quota exceeded",
  explains: ["replicas-missing", "rollout-stalled"],
  deterministic: true,
  maybeMeant: false,
  specificity: 1,
  examine,
  remedies,
  healthy,
  // Controllers retry a refused creation with a back-off that doubles up to about a quarter of an hour; by then another refusal would show.
  recurrenceMs: () => 60_000,
};

function refusalOf(given: Case): Refusal | undefined {
  const owner = given.view.find(given.subject);
  return owner === undefined ? undefined : failedCreate(given.view, owner);
}

function examine(given: Case): readonly Evidence[] | undefined {
  const refusal = refusalOf(given);
  if (refusal === undefined) return undefined;
  if (refusal.quota === undefined) return undefined;
  const evidence: Evidence[] = [
    favours("refused-by-quota", `${counted(refusal.missing, "pod is", "pods are")} missing:${quote(refusal.message)}`, given.subject),
  ];
  const quota = given.view.get("ResourceQuota", given.subject.namespace, refusal.quota);
  if (quota === undefined) {
    evidence.push(against("quota-full", `quota ${refusal.quota} does not exist any more`));
    return evidence;
  }
  const lines = arithmetic(refusal, quota);
  const full = lines.filter((line) => line.over > 0);
  const text = lines.map((line) => line.text).join("; ");
  evidence.push(weigh("quota-full", full.length > 0, [text, `there is room by now: ${text}`], refOf(quota)));
  return evidence;
}

interface Line {
  readonly resource: string;
  /** By how much one more pod exceeds it now, in base units; not above zero when it fits. */
  readonly over: number;
  readonly text: string;
}

/** One more pod against the quota as it is now, by resource. */
function arithmetic(refusal: Refusal, quota: ResourceQuota): readonly Line[] {
  return refusal.asked.map(({ resource, requested }) => {
    const used = quota.status.used[resource] ?? "0";
    const hard = quota.spec.hard[resource];
    const over = (parseQuantity(used) ?? 0) + (parseQuantity(requested) ?? 0) - (parseQuantity(hard) ?? Number.POSITIVE_INFINITY);
    return { resource, over, text: `${resource}: ${used} used + ${requested} asked for, ${hard ?? "no limit"} allowed` };
  });
}

function remedies(given: Case): readonly Remedy[] {
  const refusal = refusalOf(given);
  const quota = refusal?.quota === undefined ? undefined : given.view.get("ResourceQuota", given.subject.namespace, refusal.quota);
  if (refusal === undefined || quota === undefined) return [];
  const full = arithmetic(refusal, quota).filter((line) => line.over > 0);
  const first = full[0];
  // Anything else that is exceeded stays exceeded however much is tidied up.
  if (first === undefined || full.length > 1 || first.resource !== COUNTS_FINISHED) return [];
  const needed = first.over + refusal.missing - 1;
  const finished = deletablePods(given);
  if (finished.length < needed) return [];
  const pods = finished.slice(0, Math.min(needed, MAX_DELETED)).map((pod) => pod.metadata.name);
  return [{ action: "delete-finished-pods", target: given.subject, params: { pods } }];
}

/** Finished pods of the namespace that nobody needs any more, oldest first: their controller is not a Job that still counts them. */
function deletablePods(given: Case): readonly Pod[] {
  return given.view
    .inNamespace("Pod", given.subject.namespace)
    .filter((pod) => isFinished(pod) && !isTerminating(pod) && isLeftBehind(given, pod))
    .toSorted((a, b) => createdAt(a) - createdAt(b));
}

function isLeftBehind(given: Case, pod: Pod): boolean {
  const owner = controllerOf(pod);
  if (owner === undefined || owner.kind === "Node") return false;
  if (owner.kind !== "Job") return true;
  const ref: Ref = { kind: "Job", namespace: pod.metadata.namespace, name: owner.name, uid: owner.uid };
  const job = given.view.find(ref);
  return job?.kind === "Job" && isOver(job);
}

function healthy(given: Case): Health {
  const refusal = refusalOf(given);
  if (refusal !== undefined) return { answer: "unhealthy", reason: `${counted(refusal.missing, "pod", "pods")} cannot be created` };
  return workloadHealth(given.view, given.subject);
}
