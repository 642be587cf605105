/** A rollout that does not get ahead: its deadline has passed, or the new revision's pods are in trouble while the old one's are still there. */

import { counted } from "../../model/counted.ts";
import type { Detection, Detector, DetectWindows } from "../../model/finding.ts";
import { MAX_MEMBERS } from "../../model/finding.ts";
import { type ClusterObject, conditionOf, type Pod, refOf } from "../../model/kube.ts";
import { podsOfRoot } from "../../model/owner-chain.ts";
import { isActive } from "../../model/pod-state.ts";
import type { Ref } from "../../model/ref.ts";
import { isOfCurrentRevision, revisionStory } from "../../model/revision.ts";
import { timeOf } from "../../model/time.ts";
import type { View } from "../../model/view.ts";
import { lostShareOf } from "../../model/workload.ts";
import { isLive, kindsBelow } from "../pod-detector.ts";
import { SYMPTOMS, type Symptom } from "../pod-symptoms.ts";

export const rolloutStalledDetector: Detector = { id: "rollout-stalled", subjects: ["Deployment", "StatefulSet", "DaemonSet"], detect };

function detect(subject: Ref, view: View, now: number, windows: DetectWindows): Detection {
  if (!isLive(view, ...kindsBelow(subject.kind), ...(subject.kind === "Deployment" ? [] : (["ControllerRevision"] as const)))) return {};
  const owner = view.find(subject);
  if (owner === undefined || isPaused(owner)) return {};
  const pods = podsOfRoot(view, subject).filter(isActive);
  const story = revisionStory(view, subject);
  const late = deadlinePassed(owner);
  const isNew = (pod: Pod) => story !== undefined && isOfCurrentRevision(view, subject, story, pod);
  const under = late !== undefined || (story?.older.some((revision) => revision.number > 0) === true && isUnderWay(owner, pods, isNew));
  if (!under) return {};
  const { troubled, recheckAt } = lookAt(pods.filter(isNew), view, now, windows);
  const again = recheckAt === undefined ? {} : { recheckAt };
  const first = troubled[0];
  if (late === undefined && first === undefined) return again;
  const began = first === undefined ? [] : [Math.min(...troubled.map((one) => one.symptom.since))];
  return {
    ...again,
    finding: {
      detector: "rollout-stalled",
      subject,
      since: Math.min(...began, ...(late === undefined ? [] : [late.since])),
      summary: [
        late?.text,
        first === undefined
          ? undefined
          : `${counted(troubled.length, "pod of the new revision is", "pods of the new revision are")} in trouble: ${first.symptom.text}`,
      ]
        .filter(Boolean)
        .join("; "),
      members: troubled.slice(0, MAX_MEMBERS).map((one) => one.ref),
      count: troubled.length,
      lostShare: lostShareOf(owner, pods),
    },
  };
}

function lookAt(pods: readonly Pod[], view: View, now: number, windows: DetectWindows) {
  const troubled: { readonly ref: Ref; readonly symptom: Symptom }[] = [];
  let next = Number.POSITIVE_INFINITY;
  for (const pod of pods) {
    const looks = SYMPTOMS.map((symptom) => symptom(pod, view, now, windows));
    const shown = looks.find((look) => look.symptom !== undefined)?.symptom;
    if (shown !== undefined) troubled.push({ ref: refOf(pod), symptom: shown });
    next = Math.min(next, ...looks.map((look) => look.recheckAt ?? Number.POSITIVE_INFINITY));
  }
  return { troubled, recheckAt: Number.isFinite(next) ? next : undefined };
}

function isPaused(owner: ClusterObject): boolean {
  return owner.kind === "Deployment" && owner.spec.paused;
}

/** The Deployment's own verdict, as long as replicas are lacking. */
function deadlinePassed(owner: ClusterObject): Symptom | undefined {
  if (owner.kind !== "Deployment") return undefined;
  const progressing = conditionOf(owner.status.conditions, "Progressing");
  if (progressing?.status !== "False" || progressing.reason !== "ProgressDeadlineExceeded") return undefined;
  const { updatedReplicas, availableReplicas } = owner.status;
  if (Math.min(updatedReplicas, availableReplicas) >= owner.spec.replicas) return undefined;
  return { since: timeOf(progressing.lastTransitionTime) ?? 0, text: `no progress for ${owner.spec.progressDeadlineSeconds} s (ProgressDeadlineExceeded)` };
}

/** Pods of an older revision are still there, or fewer than all are of the new one. */
function isUnderWay(owner: ClusterObject, pods: readonly Pod[], isNew: (pod: Pod) => boolean): boolean {
  if (pods.some((pod) => !isNew(pod))) return true;
  return owner.kind === "Deployment" && owner.status.updatedReplicas < owner.spec.replicas;
}
