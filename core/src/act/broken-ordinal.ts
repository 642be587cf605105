/**
 * Under OrderedReady a StatefulSet waits for its first unready pod before it replaces any, so a pod that can never become ready keeps the
 * mended template from being used: it must be deleted by hand.
 * https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback
 */
import type { StatefulSet } from "../model/kube.ts";
import { refOf } from "../model/kube.ts";
import { isReady, isTerminating } from "../model/pod-state.ts";
import type { Step } from "../model/step.ts";
import type { View } from "../model/view.ts";

/** Deletes the pod that the controller waits for, if it is of the revision that is being replaced. The volume claims stay. */
export function unblockSteps(set: StatefulSet, view: View): readonly Step[] {
  if (set.spec.podManagementPolicy !== "OrderedReady") return [];
  const broken = view
    .ownedBy("Pod", set.metadata.uid)
    .filter((pod) => !isReady(pod))
    .toSorted((a, b) => ordinalOf(a.metadata.name) - ordinalOf(b.metadata.name))[0];
  // One that is being deleted is on its way out already.
  if (broken === undefined || isTerminating(broken)) return [];
  const revision = broken.metadata.labels["controller-revision-hash"];
  return revision === undefined || revision === set.status.updateRevision ? [{ verb: "delete", target: refOf(broken) }] : [];
}

function ordinalOf(podName: string): number {
  return Number(podName.slice(podName.lastIndexOf("-") + 1));
}
