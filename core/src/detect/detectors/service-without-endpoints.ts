/**
 * A Service whose selector finds no pod although there is reason to think that it should: it worked with another selector, or it misses a running
 * workload by one label. Selectorless, headless and leader-only Services are normal without pods.
 */
import type { Detection, Detector, DetectWindows } from "../../model/finding.ts";
import type { Service } from "../../model/kube.ts";
import type { Ref } from "../../model/ref.ts";
import { labelsText } from "../../model/selector.ts";
import { nearMiss, selectedWorkloads, selectorSetAt, servingPods, workingSelector } from "../../model/service-selector.ts";
import type { View } from "../../model/view.ts";
import { isLive } from "../pod-detector.ts";

export const serviceWithoutEndpointsDetector: Detector = { id: "service-without-endpoints", subjects: ["Service"], detect };

function detect(subject: Ref, view: View, now: number, windows: DetectWindows): Detection {
  if (!isLive(view, "Service", "Pod", "Deployment", "StatefulSet", "DaemonSet")) return {};
  const service = view.get("Service", subject.namespace, subject.name);
  if (service === undefined || servingPods(view, service)?.length !== 0) return {};
  const why = reason(view, service);
  if (why === undefined) return {};
  const since = selectorSetAt(service).at;
  const due = since + windows.notReadyMs;
  if (now < due) return { recheckAt: due };
  return {
    finding: {
      detector: "service-without-endpoints",
      subject,
      since,
      summary: `its selector ${labelsText(service.spec.selector)} finds no pod; ${why}`,
      members: [],
      count: 0,
      lostShare: 1,
    },
  };
}

function reason(view: View, service: Service): string | undefined {
  // Its own workload without pods is that workload's trouble.
  if (selectedWorkloads(view, service).length > 0) return undefined;
  const worked = workingSelector(view, service);
  if (worked !== undefined) return `it worked with ${labelsText(worked)}`;
  if (service.spec.clusterIP === "None") return undefined;
  const near = nearMiss(view, service);
  return near === undefined ? undefined : `${near.workload.kind} ${near.workload.metadata.name} differs from it by the label ${near.key} alone`;
}
