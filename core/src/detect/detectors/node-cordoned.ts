/** A Ready node that has been cordoned for long while nothing on it or around it says why. */
import { cordonedAt, cordonReason, workUnderWay } from "../../model/cordon.ts";
import type { Detection, Detector, DetectWindows } from "../../model/finding.ts";
import { conditionOf, refOf } from "../../model/kube.ts";
import type { Ref } from "../../model/ref.ts";
import { spanText } from "../../model/time.ts";
import type { View } from "../../model/view.ts";
import { isLive } from "../pod-detector.ts";

export const nodeCordonedDetector: Detector = { id: "node-cordoned", subjects: ["Node"], detect };

function detect(subject: Ref, view: View, now: number, windows: DetectWindows): Detection {
  if (!isLive(view, "Node", "Pod")) return {};
  const node = view.get("Node", "", subject.name);
  if (node === undefined || !node.spec.unschedulable || node.metadata.deletionTimestamp !== undefined) return {};
  if (conditionOf(node.status.conditions, "Ready")?.status !== "True") return {};
  const since = cordonedAt(node);
  if (since === undefined || cordonReason(node) !== undefined || workUnderWay(node, view) !== undefined) return {};
  const due = since + windows.cordonMs;
  if (now < due) return { recheckAt: due };
  return {
    finding: {
      detector: "node-cordoned",
      subject,
      since,
      summary: `node ${subject.name} is cordoned for longer than ${spanText(windows.cordonMs)}, and no drain, upgrade or maintenance is seen`,
      members: [refOf(node)],
      count: 1,
      lostShare: 0,
    },
  };
}
