/**
 * A memory limit so small that not even the pod's sandbox starts in it: the pod stays in ContainerCreating, no container status says why, and only
 * the kubelet's FailedCreatePodSandBox events name the memory (seen with containerd 1.6 and runc 1.1 at 2Mi; somewhat larger limits show as
 * StartError of the container).
 */
import type { Container, Pod } from "./kube.ts";
import { createdAt } from "./pod-state.ts";
import { parseQuantity } from "./quantity.ts";
import { timeOf } from "./time.ts";
import type { View } from "./view.ts";

const INIT_OOM = /oom-killed/i;

export interface SandboxKill {
  /** The container with the smallest memory limit. */
  readonly container: Container;
  readonly limit: string;
  /** The kubelet's words. */
  readonly message: string;
}

/** Undefined unless the pod is on a node, has no container yet, has a memory limit, and an event of its own says that its sandbox was killed for memory. */
export function sandboxKilledForMemory(pod: Pod, view: View): SandboxKill | undefined {
  if (pod.status.phase !== "Pending" || pod.spec.nodeName === undefined) return undefined;
  const statuses = [...pod.status.initContainerStatuses, ...pod.status.containerStatuses];
  if (!statuses.every((s) => s.state.waiting?.reason === "ContainerCreating" || s.state.waiting?.reason === "PodInitializing")) return undefined;
  const smallest = smallestLimit(pod.spec.containers);
  if (smallest === undefined) return undefined;
  const said = view
    .eventsOf(pod.metadata.uid)
    .findLast((e) => e.reason === "FailedCreatePodSandBox" && INIT_OOM.test(e.message) && (timeOf(e.lastTimestamp) ?? 0) >= createdAt(pod));
  return said === undefined ? undefined : { ...smallest, message: said.message };
}

function smallestLimit(containers: readonly Container[]): { readonly container: Container; readonly limit: string } | undefined {
  let found: { readonly container: Container; readonly limit: string; readonly bytes: number } | undefined;
  for (const container of containers) {
    const limit = container.resources?.limits?.["memory"];
    const bytes = parseQuantity(limit);
    if (limit !== undefined && bytes !== undefined && (found === undefined || bytes < found.bytes)) found = { container, limit, bytes };
  }
  return found;
}
