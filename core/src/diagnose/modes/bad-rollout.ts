/** A new revision does not work while the one before it did. Where the cluster names a closer reason, that mode goes first. */

import { counted } from "../../model/counted.ts";
import type { Case, Evidence, FailureMode, Remedy } from "../../model/failure-mode.ts";
import { conditionOf, type Pod } from "../../model/kube.ts";
import { containerTroubles, isReady } from "../../model/pod-state.ts";
import { isOfCurrentRevision, revisionStory } from "../../model/revision.ts";
import { against, favours } from "../evidence.ts";
import { activePods, failingPods, isStarting, refsOf } from "../failing-pods.ts";
import { newRevision } from "../new-revision.ts";
import { probeRecurrenceMs, restartRecurrenceMs, steadyHealth } from "../steady-health.ts";

export const badRollout: FailureMode = {
  id: "bad-rollout",
  number: 41,
  title: "Bad rollout",
  explains: ["rollout-stalled", "container-crashing", "pod-not-ready", "container-start", "container-config", "image-pull", "oom-killed"],
  deterministic: true,
  maybeMeant: false,
  specificity: 2,
  examine,
  remedies,
  healthy: steadyHealth,
  recurrenceMs: (given) => Math.max(restartRecurrenceMs(given), probeRecurrenceMs(given)),
};

function examine(given: Case): readonly Evidence[] | undefined {
  const failing = failingPods(given);
  const revision = newRevision(given, failing);
  if (revision === undefined || revision.wasGood) return undefined;
  const evidence: Evidence[] = [
    favours("new-revision-fails", `${revision.text}; ${counted(failing.length, "of its pods fails", "of its pods fail")}`, ...refsOf(failing)),
  ];
  evidence.push(olderFine(given, revision.before.number === 0));
  if (revision.preceded) evidence.push(against("trouble-before", "there was trouble already before this revision"));
  // A passed deadline stays passed until the rollout gets ahead.
  if (failing.every((pod) => isStarting(given, pod)))
    evidence.push(against("only-starting", "its pods are on their way and nothing is wrong with them: what held them up may be over", ...refsOf(failing)));
  if (deadlinePassed(given)) evidence.push(favours("deadline-exceeded", "the Deployment says ProgressDeadlineExceeded", given.subject));
  const named = namedReason(failing);
  if (named !== undefined) evidence.push(against("closer-reason", `the cluster names a closer reason: ${named}`, ...refsOf(failing)));
  return evidence;
}

/** `recorded`: the earlier template comes from our record of specs seen healthy. */
function olderFine(given: Case, recorded: boolean): Evidence {
  const story = revisionStory(given.view, given.subject);
  const older = activePods(given).filter((pod) => story !== undefined && !isOfCurrentRevision(given.view, given.subject, story, pod));
  const ready = older.filter((pod) => isReady(pod) && !containerTroubles(pod).some((trouble) => trouble.down || trouble.ends >= 2));
  if (ready.length > 0)
    return favours(
      "older-revision-fine",
      `${counted(ready.length, "pod of the revision before it is", "pods of the revision before it are")} ready`,
      ...refsOf(ready),
    );
  if (older.length > 0)
    return against(
      "older-revision-fine",
      `${counted(older.length, "pod of the revision before it fails", "pods of the revision before it fail")} as well`,
      ...refsOf(older),
    );
  const known = recorded || given.view.knownGood({ kind: given.subject.kind, namespace: given.subject.namespace, name: given.subject.name }).length > 0;
  if (known) return favours("older-revision-fine", "an earlier template was seen healthy");
  return against("older-revision-fine", "no pod and no record shows that an earlier revision worked");
}

function deadlinePassed(given: Case): boolean {
  const object = given.view.find(given.subject);
  const progressing = object?.kind === "Deployment" ? conditionOf(object.status.conditions, "Progressing") : undefined;
  return progressing?.status === "False" && progressing.reason === "ProgressDeadlineExceeded";
}

/** What the kubelet or the scheduler says by name; a plain crash or a failing probe is no name. */
function namedReason(failing: readonly Pod[]): string | undefined {
  for (const pod of failing) {
    const named = containerTroubles(pod).find((trouble) => trouble.type !== "container-crashing" || trouble.exitCode === 126 || trouble.exitCode === 127);
    if (named !== undefined) return named.exitCode === undefined ? named.reason : `${named.reason}, exit code ${named.exitCode}`;
    if (conditionOf(pod.status.conditions, "PodScheduled")?.reason === "Unschedulable") return "Unschedulable";
  }
  return undefined;
}

function remedies(given: Case): readonly Remedy[] {
  const revision = newRevision(given, failingPods(given));
  return revision === undefined || revision.wasGood ? [] : [{ action: "roll-back", target: given.subject, params: {} }];
}
