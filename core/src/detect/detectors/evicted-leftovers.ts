/** Pods that were evicted and whose objects still lie about, although their owner has long had others in their place. */
import { type Detection, type Detector, type DetectWindows, MAX_MEMBERS } from "../../model/finding.ts";
import { conditionOf, type Pod, refOf } from "../../model/kube.ts";
import { podsOfRoot } from "../../model/owner-chain.ts";
import { createdAt, isEvicted, isTerminating } from "../../model/pod-state.ts";
import type { Ref } from "../../model/ref.ts";
import { timeOf } from "../../model/time.ts";
import type { View } from "../../model/view.ts";
import { isLive, kindsBelow, SERVING } from "../pod-detector.ts";

export const evictedLeftoversDetector: Detector = {
  id: "evicted-leftovers",
  // A bare pod that was evicted has nobody who made another: it is no leftover but a loss.
  subjects: SERVING.filter((kind) => kind !== "Pod"),
  detect,
};

function detect(subject: Ref, view: View, now: number, windows: DetectWindows): Detection {
  if (!isLive(view, ...kindsBelow(subject.kind))) return {};
  const evicted = podsOfRoot(view, subject).filter((pod) => isEvicted(pod) && !isTerminating(pod));
  if (evicted.length === 0) return {};
  const old = evicted.filter((pod) => evictedAt(pod) + windows.leftoversMs <= now);
  const next = Math.min(...evicted.map((pod) => evictedAt(pod) + windows.leftoversMs).filter((due) => due > now));
  const again = Number.isFinite(next) ? { recheckAt: next } : {};
  const first = old[0];
  if (first === undefined) return again;
  return {
    ...again,
    finding: {
      detector: "evicted-leftovers",
      subject,
      since: Math.min(...old.map(evictedAt)),
      summary: `${old.length} evicted pods were left behind, the first: ${first.status.message.slice(0, 200)}`,
      members: old.slice(0, MAX_MEMBERS).map(refOf),
      count: old.length,
      lostShare: 0,
    },
  };
}

/** The kubelet writes Ready=False or DisruptionTarget with the eviction. */
function evictedAt(pod: Pod): number {
  const at = ["DisruptionTarget", "Ready"].map((type) => timeOf(conditionOf(pod.status.conditions, type)?.lastTransitionTime));
  return at.find((time) => time !== undefined) ?? timeOf(pod.status.startTime) ?? createdAt(pod);
}
