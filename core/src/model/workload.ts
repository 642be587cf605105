/** Counts and template of a root owner, whatever its kind. */
import type { ClusterObject, Pod, PodTemplate } from "./kube.ts";
import { isActive, isReady } from "./pod-state.ts";

/** How many pods should be ready now; undefined for kinds that do not say (Jobs, CronJobs). */
export function wantedReplicas(object: ClusterObject): number | undefined {
  switch (object.kind) {
    case "Deployment":
    case "StatefulSet":
    case "ReplicaSet":
      return object.spec.replicas;
    case "DaemonSet":
      return object.status.desiredNumberScheduled;
    case "Pod":
      return 1;
    default:
      return undefined;
  }
}

export function templateOf(object: ClusterObject | undefined): PodTemplate | undefined {
  switch (object?.kind) {
    case "Deployment":
    case "StatefulSet":
    case "DaemonSet":
    case "ReplicaSet":
    case "Job":
      return object.spec.template;
    case "Pod":
      return { metadata: { labels: object.metadata.labels }, spec: object.spec };
    default:
      return undefined;
  }
}

/** Share of the wanted replicas that is not ready, 0 to 1; for a Job or CronJob 1, since nothing of its work is done. */
export function lostShareOf(object: ClusterObject, pods: readonly Pod[]): number {
  const wanted = wantedReplicas(object);
  if (wanted === undefined) return 1;
  if (wanted === 0) return 0;
  const ready = pods.filter((pod) => isActive(pod) && isReady(pod)).length;
  return Math.max(0, wanted - ready) / wanted;
}
