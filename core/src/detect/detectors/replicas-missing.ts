/** Pods that should exist and cannot be created: a quota, an admission rule, a missing service account. There is no pod to look at. */

import { failedCreate } from "../../model/failed-create.ts";
import type { Detection, Detector, DetectWindows } from "../../model/finding.ts";
import { podsOfRoot } from "../../model/owner-chain.ts";
import { isActive } from "../../model/pod-state.ts";
import type { Ref } from "../../model/ref.ts";
import type { View } from "../../model/view.ts";
import { lostShareOf } from "../../model/workload.ts";
import { isLive, kindsBelow } from "../pod-detector.ts";

export const replicasMissingDetector: Detector = {
  id: "replicas-missing",
  subjects: ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job"],
  detect,
};

function detect(subject: Ref, view: View, now: number, windows: DetectWindows): Detection {
  if (!isLive(view, ...kindsBelow(subject.kind))) return {};
  const owner = view.find(subject);
  const refused = owner === undefined ? undefined : failedCreate(view, owner);
  if (owner === undefined || refused === undefined) return {};
  const due = refused.since + windows.notReadyMs;
  if (now < due) return { recheckAt: due };
  return {
    finding: {
      detector: "replicas-missing",
      subject,
      ...(refused.quota === undefined ? {} : { cause: { kind: "ResourceQuota", namespace: subject.namespace, name: refused.quota } as const }),
      since: refused.since,
      summary: `pods cannot be created: ${refused.message.slice(0, 300)}`,
      members: [],
      count: refused.missing,
      lostShare: lostShareOf(owner, podsOfRoot(view, subject).filter(isActive)),
    },
  };
}
