import { controllerOf, type Pod } from "./kube.ts";

/** Run by a kubelet from a file: its API object is only a mirror, and deleting that heals nothing. */
export function isStaticPod(pod: Pod): boolean {
  return pod.metadata.annotations["kubernetes.io/config.mirror"] !== undefined || controllerOf(pod)?.kind === "Node";
}
