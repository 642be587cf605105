/** Makes a detector of one symptom of pods: what its root owner's active pods show, as one finding. */
import { type Cause, type Detection, type Detector, type DetectWindows, MAX_MEMBERS } from "../model/finding.ts";
import { refOf } from "../model/kube.ts";
import { podsOfRoot } from "../model/owner-chain.ts";
import { isActive } from "../model/pod-state.ts";
import type { Kind, Ref } from "../model/ref.ts";
import type { View } from "../model/view.ts";
import { lostShareOf } from "../model/workload.ts";
import type { PodSymptom, Symptom } from "./pod-symptoms.ts";

/** Owners whose pods are meant to run for ever, and pods that stand alone. */
export const SERVING: readonly Kind[] = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Pod"];
/** Every root owner of pods. */
export const OWNERS: readonly Kind[] = [...SERVING, "Job", "CronJob"];

export function podDetector(id: string, subjects: readonly Kind[], symptom: PodSymptom): Detector {
  return { id, subjects, detect: (subject, view, now, windows) => detect(id, symptom, subject, view, now, windows) };
}

function detect(id: string, symptom: PodSymptom, subject: Ref, view: View, now: number, windows: DetectWindows): Detection {
  if (!isLive(view, ...kindsBelow(subject.kind))) return {};
  const owner = view.find(subject);
  if (owner === undefined) return {};
  const pods = podsOfRoot(view, subject).filter(isActive);
  const shown: { readonly ref: Ref; readonly symptom: Symptom }[] = [];
  let recheckAt = Number.POSITIVE_INFINITY;
  for (const pod of pods) {
    const look = symptom(pod, view, now, windows);
    if (look.symptom !== undefined) shown.push({ ref: refOf(pod), symptom: look.symptom });
    recheckAt = Math.min(recheckAt, look.recheckAt ?? Number.POSITIVE_INFINITY);
  }
  const again = recheckAt === Number.POSITIVE_INFINITY ? {} : { recheckAt };
  const first = shown[0];
  if (first === undefined) return again;
  const cause = commonCause(shown.map((one) => one.symptom));
  return {
    ...again,
    finding: {
      detector: id,
      subject,
      ...(cause === undefined ? {} : { cause }),
      since: Math.min(...shown.map((one) => one.symptom.since)),
      summary: pods.length > 1 ? `${shown.length} of ${pods.length} pods: ${first.symptom.text}` : first.symptom.text,
      members: shown.slice(0, MAX_MEMBERS).map((one) => one.ref),
      count: shown.length,
      lostShare: lostShareOf(owner, pods),
    },
  };
}

/** What all of them point at, or nothing. */
function commonCause(symptoms: readonly Symptom[]): Cause | undefined {
  const cause = symptoms[0]?.cause;
  return cause !== undefined && symptoms.every((s) => s.cause?.kind === cause.kind && s.cause.name === cause.name) ? cause : undefined;
}

/** The kinds through which the pods of an owner are found. */
export function kindsBelow(kind: Kind): readonly Kind[] {
  if (kind === "Deployment") return ["Deployment", "ReplicaSet", "Pod"];
  return kind === "CronJob" ? ["CronJob", "Job", "Pod"] : [kind, "Pod"];
}

/** Stale, forbidden or not yet listed means that nothing can be claimed. */
export function isLive(view: View, ...kinds: readonly Kind[]): boolean {
  return kinds.every((kind) => view.health(kind) === "live");
}
