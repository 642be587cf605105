/** Who answers for an object: the chain of controllers, and the pods at its lower end. */
import { type ClusterObject, controllerOf, type Pod, refOf } from "./kube.ts";
import { KINDS, type Kind, type Ref } from "./ref.ts";
import type { Target } from "./step.ts";
import type { View } from "./view.ts";

/** Real chains are at most four long (CronJob, Job, Pod); the limit only ends a circle. */
const MAX_CHAIN = 8;

/**
 * The object, its controller, that one's controller and so on, as far as they are observed. A static pod's owner is its node, which runs it
 * but does not answer for it: the chain ends before nodes.
 */
export function ownerChain(object: ClusterObject, view: View): readonly ClusterObject[] {
  const chain = [object];
  for (let at: ClusterObject | undefined = object; at !== undefined && chain.length < MAX_CHAIN; ) {
    at = controllerIn(at, view);
    if (at !== undefined) chain.push(at);
  }
  return chain;
}

/** The top-most observed owner: what findings are about and limits are counted for. */
export function rootOf(object: ClusterObject, view: View): Target {
  return refOf(ownerChain(object, view).at(-1) ?? object);
}

function controllerIn(object: ClusterObject, view: View): ClusterObject | undefined {
  const owner = controllerOf(object);
  if (owner === undefined || owner.kind === "Node") return undefined;
  const kind: Kind | undefined = KINDS.find((known) => known === owner.kind);
  return kind === undefined ? undefined : view.find({ kind, namespace: object.metadata.namespace, name: owner.name, uid: owner.uid });
}

/** Every pod below a root owner, terminating and finished ones too, by name within each controller. Empty when the owner is gone. */
export function podsOfRoot(view: View, root: Ref): readonly Pod[] {
  const object = view.find(root);
  if (object === undefined) return [];
  const { uid } = object.metadata;
  switch (object.kind) {
    case "Pod":
      return [object];
    case "Deployment":
      return view.ownedBy("ReplicaSet", uid).flatMap((set) => view.ownedBy("Pod", set.metadata.uid));
    case "CronJob":
      return view.ownedBy("Job", uid).flatMap((job) => view.ownedBy("Pod", job.metadata.uid));
    case "ReplicaSet":
    case "StatefulSet":
    case "DaemonSet":
    case "Job":
      return view.ownedBy("Pod", uid);
    default:
      return [];
  }
}
