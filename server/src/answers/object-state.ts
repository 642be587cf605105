/** How an object is, in a few words. */
import { type ClusterObject, wantedReplicas } from "@kintsugi/core";
import { isNodeReady } from "./cluster.ts";
import { podStatus } from "./pods.ts";

export function stateText(object: ClusterObject): string {
  switch (object.kind) {
    case "Node":
      return `${isNodeReady(object) ? "Ready" : "NotReady"}${object.spec.unschedulable ? ", cordoned" : ""}`;
    case "Pod":
      return podStatus(object);
    case "Deployment":
    case "StatefulSet":
    case "ReplicaSet":
      return `${object.status.readyReplicas}/${wantedReplicas(object) ?? 0} ready`;
    case "DaemonSet":
      return `${object.status.numberReady}/${object.status.desiredNumberScheduled} ready`;
    case "Job":
      return `${object.status.succeeded}/${object.spec.completions} done${object.status.failed > 0 ? `, ${object.status.failed} failed` : ""}`;
    case "CronJob":
      return object.spec.suspend ? "suspended" : object.spec.schedule;
    case "Service":
      return object.spec.type;
    case "PersistentVolumeClaim":
      return object.status.phase;
    default:
      return "";
  }
}
