/** The scheduler's arithmetic: what a pod asks for, and what each node has left. */
import { conditionOf, type Node, type PodSpec } from "./kube.ts";
import { isFinished } from "./pod-state.ts";
import { parseQuantity } from "./quantity.ts";
import type { View } from "./view.ts";

export const ROOM_RESOURCES = ["cpu", "memory", "ephemeral-storage"] as const;
export type RoomResource = (typeof ROOM_RESOURCES)[number];
/** Cores and bytes. */
export type Room = Readonly<Record<RoomResource, number>>;

const NONE: Room = { cpu: 0, memory: 0, "ephemeral-storage": 0 };

/**
 * Requests of a pod: the sum over its containers, or its largest init container if that is more
 * (k8s.io/component-helpers/resource PodRequests, without restartable init containers and overhead).
 */
export function requestsOf(spec: PodSpec): Room {
  const room = { ...NONE };
  for (const resource of ROOM_RESOURCES) {
    const of = (containers: PodSpec["containers"]) => containers.map((c) => parseQuantity(c.resources?.requests?.[resource]) ?? 0);
    const sum = of(spec.containers).reduce((a, b) => a + b, 0);
    room[resource] = Math.max(sum, ...of(spec.initContainers ?? []));
  }
  return room;
}

export interface NodeRoom {
  readonly node: Node;
  readonly allocatable: Room;
  readonly free: Room;
  /** Cordoned or not Ready: its room is of no use now. */
  readonly closed: boolean;
}

/** Of every node, by name. */
export function roomOfNodes(view: View): readonly NodeRoom[] {
  return view.all("Node").map((node) => {
    const allocatable = { ...NONE };
    for (const resource of ROOM_RESOURCES) allocatable[resource] = parseQuantity(node.status.allocatable[resource]) ?? 0;
    const free = { ...allocatable };
    for (const pod of view.podsOnNode(node.metadata.name)) {
      if (isFinished(pod)) continue;
      const asked = requestsOf(pod.spec);
      for (const resource of ROOM_RESOURCES) free[resource] -= asked[resource];
    }
    const closed = node.spec.unschedulable || conditionOf(node.status.conditions, "Ready")?.status !== "True";
    return { node, allocatable, free, closed };
  });
}

/** The resources of which the room has less than is asked for; one that is not asked for never lacks. */
export function lacking(asked: Room, room: Room): readonly RoomResource[] {
  return ROOM_RESOURCES.filter((resource) => asked[resource] > 0 && asked[resource] > room[resource] + 1e-9);
}

/** `1.5 cores`, `512 Mi`. */
export function amountText(resource: RoomResource, amount: number): string {
  return resource === "cpu" ? `${Math.round(amount * 1_000) / 1_000} cores` : `${Math.round(amount / 2 ** 20)} Mi`;
}
