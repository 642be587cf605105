/** A node whose Ready condition is not True for longer than a restart of its kubelet takes. */
import type { Detection, Detector, DetectWindows } from "../../model/finding.ts";
import { conditionOf, refOf } from "../../model/kube.ts";
import type { Ref } from "../../model/ref.ts";
import { timeOf } from "../../model/time.ts";
import type { View } from "../../model/view.ts";
import { isLive } from "../pod-detector.ts";

export const nodeNotReadyDetector: Detector = { id: "node-not-ready", subjects: ["Node"], detect };

function detect(subject: Ref, view: View, now: number, windows: DetectWindows): Detection {
  if (!isLive(view, "Node")) return {};
  const node = view.get("Node", "", subject.name);
  if (node === undefined || node.metadata.deletionTimestamp !== undefined) return {};
  const ready = conditionOf(node.status.conditions, "Ready");
  // Without the condition the node is still joining: it counts from its creation.
  if (ready?.status === "True") return {};
  const since = timeOf(ready?.lastTransitionTime) ?? timeOf(node.metadata.creationTimestamp) ?? now;
  const due = since + windows.nodeNotReadyMs;
  if (now < due) return { recheckAt: due };
  return {
    finding: {
      detector: "node-not-ready",
      subject,
      since,
      summary: `node ${subject.name} is not ready (${ready?.status ?? "no condition"}): ${ready?.reason ?? ""} ${ready?.message.slice(0, 200) ?? ""}`.trim(),
      members: [refOf(node)],
      count: 1,
      lostShare: 1,
    },
  };
}
