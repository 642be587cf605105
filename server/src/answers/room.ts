/**
 * Room for pods: what quotas leave, what workers have free, how many pods can still be placed. By requests, as the scheduler and quotas count; what
 * is really used is a metric. Cores and bytes. What is not seen is undefined, never zero.
 */
import { type Node, type Pod, parseQuantity, type ResourceQuota, requestsOf, roomOfNodes, type View } from "@kintsugi/core";

export interface Asked {
  readonly cpu: number;
  readonly memory: number;
  readonly pods: number;
}
export type Asking = keyof Asked;
export const ASKED: readonly Asking[] = ["cpu", "memory", "pods"];

/** What a quota allows and what is counted against it, for the one of several that leaves least. */
export interface Allowed {
  readonly hard: number;
  readonly used: number;
  readonly quota: string;
}

const QUOTA_KEYS: Readonly<Record<Asking, readonly string[]>> = {
  cpu: ["requests.cpu", "cpu"],
  memory: ["requests.memory", "memory"],
  pods: ["pods", "count/pods"],
};

/** By resource; one without a quota is missing. Undefined while quotas are not seen. A quota with scopes counts as if it were for every pod. */
export function quotaOf(view: View, namespace: string): Partial<Record<Asking, Allowed>> | undefined {
  if (view.health("ResourceQuota") !== "live") return undefined;
  const quotas = view.inNamespace("ResourceQuota", namespace);
  return Object.fromEntries(
    ASKED.flatMap((asking) => {
      const tightest = quotas.flatMap((quota) => allowedBy(quota, QUOTA_KEYS[asking])).toSorted((a, b) => a.hard - a.used - (b.hard - b.used))[0];
      return tightest === undefined ? [] : [[asking, tightest]];
    }),
  );
}

function allowedBy({ metadata, spec, status }: ResourceQuota, keys: readonly string[]): readonly Allowed[] {
  return keys.flatMap((key) => {
    const hard = parseQuantity(status.hard[key] ?? spec.hard[key]);
    return hard === undefined ? [] : [{ hard, used: parseQuantity(status.used[key]) ?? 0, quota: metadata.name }];
  });
}

/** What pods that have not finished ask for. */
export function requestedBy(pods: readonly Pod[]): Asked {
  const sum = { cpu: 0, memory: 0, pods: 0 };
  for (const pod of pods) {
    if (isOver(pod)) continue;
    const { cpu, memory } = requestsOf(pod.spec);
    sum.cpu += cpu;
    sum.memory += memory;
    sum.pods += 1;
  }
  return { ...sum, cpu: exactCores(sum.cpu) };
}

/** Sums of thousandths of a core are not exact in binary: 0.1 + 0.2. */
export function exactCores(cores: number): number {
  return Math.round(cores * 1e6) / 1e6;
}

/** Succeeded or Failed: nothing of it runs, and the scheduler counts it no more. */
function isOver({ status }: Pod): boolean {
  return status.phase === "Succeeded" || status.phase === "Failed";
}

export interface WorkerRoom {
  readonly name: string;
  readonly capacity: Asked;
  readonly allocatable: Asked;
  readonly free: Asked;
  /** Ready, not cordoned, and without a taint that keeps ordinary pods away. */
  readonly open: boolean;
}

/** Every worker: a node without a control-plane role. Undefined while nodes or pods are not seen. */
export function workersOf(view: View): readonly WorkerRoom[] | undefined {
  if (view.health("Node") !== "live" || view.health("Pod") !== "live") return undefined;
  return roomOfNodes(view)
    .filter(({ node }) => !isControlPlane(node))
    .map(({ node, allocatable, free, closed }) => {
      const slots = parseQuantity(node.status.allocatable["pods"]) ?? 0;
      const placed = view.podsOnNode(node.metadata.name).filter((pod) => !isOver(pod)).length;
      return {
        name: node.metadata.name,
        capacity: { cpu: quantity(node, "cpu"), memory: quantity(node, "memory"), pods: quantity(node, "pods") },
        allocatable: { cpu: allocatable.cpu, memory: allocatable.memory, pods: slots },
        free: { cpu: Math.max(0, free.cpu), memory: Math.max(0, free.memory), pods: Math.max(0, slots - placed) },
        open: !closed && !node.spec.taints.some(({ effect }) => effect === "NoSchedule" || effect === "NoExecute"),
      };
    });
}

function quantity({ status }: Node, resource: string): number {
  return parseQuantity(status.capacity[resource]) ?? 0;
}

const CONTROL_PLANE = ["node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master"];

export function isControlPlane({ metadata }: Node): boolean {
  return CONTROL_PLANE.some((role) => metadata.labels[role] !== undefined);
}

export function sumOf(parts: readonly Asked[]): Asked {
  const sum = { cpu: 0, memory: 0, pods: 0 };
  for (const { cpu, memory, pods } of parts) {
    sum.cpu += cpu;
    sum.memory += memory;
    sum.pods += pods;
  }
  return { ...sum, cpu: exactCores(sum.cpu) };
}

/** How many pods that each ask for this fit into the room; one that asks for nothing is limited by pod slots alone. */
export function fitting(room: Asked, perPod: Pick<Asked, "cpu" | "memory">, resources: readonly Asking[] = ASKED): number {
  const counts = resources.map((resource) =>
    resource === "pods" ? room.pods : perPod[resource] === 0 ? Number.POSITIVE_INFINITY : room[resource] / perPod[resource],
  );
  // A hair above, since sums of thousandths are not exact.
  return Math.floor(Math.min(...counts) + 1e-9);
}
