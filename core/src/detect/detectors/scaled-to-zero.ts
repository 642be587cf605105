/** No replicas are wanted of a workload that had some, while a Service still points at it and at nothing else. */
import type { Detection, Detector, DetectWindows } from "../../model/finding.ts";
import { refOf } from "../../model/kube.ts";
import type { Ref } from "../../model/ref.ts";
import { lastReplicas, scaledAt, scalerOf, unservedServices } from "../../model/scaled-to-zero.ts";
import type { View } from "../../model/view.ts";
import { isLive } from "../pod-detector.ts";

export const scaledToZeroDetector: Detector = { id: "scaled-to-zero", subjects: ["Deployment", "StatefulSet"], detect };

function detect(subject: Ref, view: View, now: number, windows: DetectWindows): Detection {
  if (!isLive(view, subject.kind, "Pod", "Service", "HorizontalPodAutoscaler")) return {};
  const owner = view.find(subject);
  if ((owner?.kind !== "Deployment" && owner?.kind !== "StatefulSet") || owner.spec.replicas !== 0) return {};
  const before = lastReplicas(view, owner);
  if (before === undefined || scalerOf(view, owner) !== undefined) return {};
  const services = unservedServices(view, owner);
  if (services.length === 0) return {};
  const since = scaledAt(owner)?.at ?? before.seen;
  const due = since + windows.scaledToZeroMs;
  if (now < due) return { recheckAt: due };
  return {
    finding: {
      detector: "scaled-to-zero",
      subject,
      since,
      summary: `it had ${before.replicas} replicas and now wants none, while ${services.map((s) => `Service ${s.metadata.name}`).join(", ")} points at it`,
      members: services.slice(0, 20).map(refOf),
      count: services.length,
      lostShare: 1,
    },
  };
}
