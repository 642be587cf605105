/** Would anything make this pod again? Only then may it be taken away. */
import { isOver } from "../model/job-state.ts";
import { type ClusterObject, controllerOf, type Pod } from "../model/kube.ts";
import { KINDS, type Kind } from "../model/ref.ts";
import { isStaticPod } from "../model/static-pod.ts";
import type { View } from "../model/view.ts";

/** The pod's controller, where it is observed and is the very one that made the pod. */
export function liveController(pod: Pod, view: View): ClusterObject | undefined {
  const owner = controllerOf(pod);
  const kind: Kind | undefined = KINDS.find((known) => known === owner?.kind);
  if (owner === undefined || kind === undefined || isStaticPod(pod)) return undefined;
  const controller = view.find({ kind, namespace: pod.metadata.namespace, name: owner.name, uid: owner.uid });
  return controller?.metadata.deletionTimestamp === undefined ? controller : undefined;
}

/** Why nothing would make the pod again; undefined when its controller does. */
export function notRemade(pod: Pod, view: View): string | undefined {
  if (isStaticPod(pod)) return "it is a static pod, which only its node's files can change";
  if (controllerOf(pod) === undefined) return "it has no controller: nothing would make it again";
  const controller = liveController(pod, view);
  switch (controller?.kind) {
    case "ReplicaSet":
    case "StatefulSet":
      return controller.spec.replicas > 0 ? undefined : `${controller.kind} ${controller.metadata.name} wants no pods`;
    case "DaemonSet":
      return undefined;
    case "Job":
      return isOver(controller) ? `Job ${controller.metadata.name} is over` : undefined;
    default:
      return "its controller is gone or not known: nothing would surely make it again";
  }
}
