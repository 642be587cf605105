/** Is all that a workload wants there and running? The success test that most failure modes share. */
import type { Health } from "./failure-mode.ts";
import type { ClusterObject, Pod } from "./kube.ts";
import { podsOfRoot } from "./owner-chain.ts";
import { containerTroubles, isActive, isReady } from "./pod-state.ts";
import { type Ref, refText } from "./ref.ts";
import type { View } from "./view.ts";

/**
 * Healthy: the controller has seen the present spec, every wanted replica is updated, ready and available, none of an older revision is left,
 * and no container is down. Unknown: the kinds needed are not live, or the owner is gone.
 */
export function workloadHealth(view: View, root: Ref): Health {
  if (view.health(root.kind) !== "live" || view.health("Pod") !== "live") return unknown(`the view of ${root.kind}s or Pods is not live`);
  const object = view.find(root);
  if (object === undefined) return unknown(`${refText(root)} does not exist`);
  return countsOf(object) ?? podsHealth(podsOfRoot(view, root), object);
}

function unknown(reason: string): Health {
  return { answer: "unknown", reason };
}

function unhealthy(reason: string, done?: number): Health {
  return { answer: "unhealthy", reason, ...(done === undefined ? {} : { done }) };
}

/** Undefined when the counts are as they should be. */
function countsOf(object: ClusterObject): Health | undefined {
  if (object.kind === "Deployment" || object.kind === "StatefulSet" || object.kind === "ReplicaSet" || object.kind === "DaemonSet") {
    if (object.status.observedGeneration < (object.metadata.generation ?? 0)) return unhealthy("its controller has not seen the latest change");
  }
  switch (object.kind) {
    case "Deployment": {
      const { replicas } = object.spec;
      const { updatedReplicas, readyReplicas, availableReplicas } = object.status;
      if (Math.min(updatedReplicas, readyReplicas, availableReplicas) < replicas) {
        const text = `of ${replicas} replicas ${updatedReplicas} are updated, ${readyReplicas} ready, ${availableReplicas} available`;
        return unhealthy(text, updatedReplicas + readyReplicas + availableReplicas);
      }
      return object.status.replicas > replicas ? unhealthy(`${object.status.replicas - replicas} replicas of an older revision are left`) : undefined;
    }
    case "StatefulSet": {
      const { replicas } = object.spec;
      const { readyReplicas, updateRevision, currentRevision, updatedReplicas } = object.status;
      const done = readyReplicas + updatedReplicas;
      if (readyReplicas < replicas) return unhealthy(`${readyReplicas} of ${replicas} replicas are ready`, done);
      const updating = updateRevision !== currentRevision && updatedReplicas < replicas;
      return updating ? unhealthy(`${updatedReplicas} of ${replicas} replicas are updated`, done) : undefined;
    }
    case "DaemonSet": {
      const { desiredNumberScheduled, numberReady, updatedNumberScheduled } = object.status;
      const least = Math.min(numberReady, updatedNumberScheduled);
      const done = numberReady + updatedNumberScheduled;
      return least < desiredNumberScheduled ? unhealthy(`${least} of ${desiredNumberScheduled} are updated and ready`, done) : undefined;
    }
    case "ReplicaSet":
      return object.status.readyReplicas < object.spec.replicas
        ? unhealthy(`${object.status.readyReplicas} of ${object.spec.replicas} replicas are ready`)
        : undefined;
    case "Job":
    case "CronJob":
    case "Pod":
      return undefined;
    default:
      return unknown(`a ${object.kind} has no replicas`);
  }
}

function podsHealth(pods: readonly Pod[], object: ClusterObject): Health {
  const isWork = object.kind === "Job" || object.kind === "CronJob";
  for (const pod of pods.filter(isActive)) {
    const down = containerTroubles(pod).find((trouble) => trouble.down);
    if (down !== undefined) return unhealthy(`container ${down.container} of ${pod.metadata.name}: ${down.reason}`);
    if (!isWork && !isReady(pod)) return unhealthy(`${pod.metadata.name} is not ready`);
  }
  return { answer: "healthy", reason: isWork ? "no container of it is down" : "every wanted replica is updated and ready" };
}
