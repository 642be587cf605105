/**
 * Node lifecycle (pkg/controller/nodelifecycle, tainteviction): silence becomes conditions, conditions become taints, taints become evictions.
 * Zones that are lost as a whole, and small clusters of which most is lost, are left alone: nothing is evicted then.
 */
import { type Condition, conditionOf, type Node, type Pod, refOf, type Taint } from "@kintsugi/core";
import { controllerActor } from "../api/actor.ts";
import { tolerates } from "../scheduler/filters.ts";
import { sameJson } from "../world/same.ts";
import { isoTime } from "../world/time.ts";
import type { World } from "../world/world.ts";
import { replaceCondition } from "./conditions.ts";
import { splitKey, WorkQueue } from "./queue.ts";

const ACTOR = controllerActor("node-controller");
const SOURCE = "node-controller";
export const UNREACHABLE = "node.kubernetes.io/unreachable";
export const NOT_READY = "node.kubernetes.io/not-ready";
const UNSCHEDULABLE = "node.kubernetes.io/unschedulable";
const PRESSURES: Readonly<Record<string, string>> = {
  MemoryPressure: "node.kubernetes.io/memory-pressure",
  DiskPressure: "node.kubernetes.io/disk-pressure",
  PIDPressure: "node.kubernetes.io/pid-pressure",
};
/** --node-monitor-grace-period of 1.32 and later, and the monitor's own period. */
export const GRACE_MS = 50_000;
const MONITOR_MS = 5_000;
/** --node-eviction-rate 0.1: one node in ten seconds. */
const EVICTION_GAP_MS = 10_000;
const UNHEALTHY_SHARE = 0.55;
const LARGE_CLUSTER = 50;
const ZONE = "topology.kubernetes.io/zone";

/**
 * Starts the controller. `isPosting` tells whether a node's kubelet still sends heartbeats; `silent` is called at the moment of the
 * last one, so that nothing has to be polled.
 */
export function startNodes(world: World, isPosting: (node: string) => boolean): { readonly silent: (node: string) => void } {
  const lastTainted = new Map<string, number>();
  const queue = new WorkQueue(world, "nodes", (key) => reconcile(world, queue, lastTainted, splitKey(key).name));
  const evictions = new WorkQueue(world, "taint-eviction", (key) => evict(world, evictions, key));
  world.store.onChange(["Node"], ({ before, after }) => {
    if (after?.kind !== "Node") return;
    queue.add(`/${after.metadata.name}`);
    if ((before as Node | undefined)?.spec.taints !== after.spec.taints) for (const pod of world.store.podsOn(after.metadata.name)) evictions.add(podKey(pod));
  });
  world.store.onChange(["Pod"], ({ before, after }) => {
    const [old, now] = [before as Pod | undefined, after as Pod | undefined];
    if (now?.spec.nodeName !== undefined && old?.spec.nodeName === undefined) evictions.add(podKey(now));
  });
  const silences = new Map<string, number>();
  const silent = (name: string): void => {
    const turn = (silences.get(name) ?? 0) + 1;
    silences.set(name, turn);
    world.timeline.after(GRACE_MS + world.random.between(0, MONITOR_MS), () => {
      if (silences.get(name) === turn && !isPosting(name)) markUnknown(world, name);
    });
  };
  return { silent };
}

function podKey(pod: Pod): string {
  return `${pod.metadata.namespace}/${pod.metadata.name}`;
}

function markUnknown(world: World, name: string): void {
  const node = world.store.get("Node", "", name);
  if (node === undefined) return;
  const now = world.timeline.now();
  let conditions = node.status.conditions;
  for (const type of ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"]) {
    conditions = replaceCondition(conditions, { type, status: "Unknown", reason: "NodeStatusUnknown", message: "Kubelet stopped posting node status." }, now);
  }
  world.api.update(ACTOR, { ...node, status: { ...node.status, conditions } }, { subresource: "status" });
  world.events.emit(SOURCE, node, { type: "Normal", reason: "NodeNotReady", message: `Node ${name} status is now: NodeNotReady` });
  markPodsNotReady(world, name);
}

function markPodsNotReady(world: World, node: string): void {
  for (const pod of world.store.podsOn(node)) {
    const ready = conditionOf(pod.status.conditions, "Ready");
    if (ready?.status !== "True") continue;
    const text = { type: "Ready", status: "False", reason: ready.reason, message: ready.message } as const;
    const conditions = replaceCondition(pod.status.conditions, text, world.timeline.now());
    world.api.update(ACTOR, { ...pod, status: { ...pod.status, conditions } }, { subresource: "status" });
    world.events.emit(SOURCE, pod, { type: "Warning", reason: "NodeNotReady", message: "Node is not ready" });
  }
}

function reconcile(world: World, queue: WorkQueue, lastTainted: Map<string, number>, name: string): void {
  const node = world.store.get("Node", "", name);
  if (node === undefined) return;
  const { conditions } = node.status;
  const now = world.timeline.now();
  const ready = conditionOf(conditions, "Ready")?.status;
  const wanted: { readonly key: string; readonly effect: string }[] = [];
  if (node.spec.unschedulable) wanted.push({ key: UNSCHEDULABLE, effect: "NoSchedule" });
  for (const [type, key] of Object.entries(PRESSURES)) if (conditionOf(conditions, type)?.status === "True") wanted.push({ key, effect: "NoSchedule" });
  const lost = ready === "Unknown" ? UNREACHABLE : ready === "False" ? NOT_READY : undefined;
  if (lost !== undefined) {
    wanted.push({ key: lost, effect: "NoSchedule" });
    // Pods are driven away in a later pass, which begins with a queue of its own (doNoExecuteTaintingPass).
    const isClosed = node.spec.taints.some((taint) => taint.key === lost && taint.effect === "NoSchedule");
    if (isClosed && mayEvict(world, queue, lastTainted, node, lost, now)) wanted.push({ key: lost, effect: "NoExecute" });
  }
  writeTaints(world, node, wanted, now);
}

/** Whether the node may carry its NoExecute taint now; plans another look where it is only too early. */
function mayEvict(world: World, queue: WorkQueue, lastTainted: Map<string, number>, node: Node, key: string, now: number): boolean {
  if (node.spec.taints.some((taint) => taint.key === key && taint.effect === "NoExecute")) return true;
  if (isLeftAlone(world, node)) {
    queue.addAfter(`/${node.metadata.name}`, MONITOR_MS);
    return false;
  }
  const zone = node.metadata.labels[ZONE] ?? "";
  const last = lastTainted.get(zone) ?? Number.NEGATIVE_INFINITY;
  if (now - last < EVICTION_GAP_MS) {
    queue.addAfter(`/${node.metadata.name}`, EVICTION_GAP_MS - (now - last));
    return false;
  }
  lastTainted.set(zone, now);
  return true;
}

/** ComputeZoneState and handleDisruption: all zones lost, or most of a small cluster's zone. */
function isLeftAlone(world: World, node: Node): boolean {
  const nodes = world.store.list("Node");
  const isLost = (one: Node) => conditionOf(one.status.conditions, "Ready")?.status !== "True";
  const zoneOf = (one: Node) => one.metadata.labels[ZONE] ?? "";
  const zones = [...new Set(nodes.map(zoneOf))];
  if (zones.every((zone) => nodes.filter((one) => zoneOf(one) === zone).every(isLost))) return true;
  const mine = nodes.filter((one) => zoneOf(one) === zoneOf(node));
  const lost = mine.filter(isLost).length;
  const isWhole = lost === mine.length;
  const isPartial = !isWhole && lost > 2 && lost / mine.length >= UNHEALTHY_SHARE;
  return isPartial && mine.length <= LARGE_CLUSTER;
}

const MANAGED: readonly string[] = [UNREACHABLE, NOT_READY, UNSCHEDULABLE, ...Object.values(PRESSURES)];

function writeTaints(world: World, node: Node, wanted: readonly { readonly key: string; readonly effect: string }[], now: number): void {
  const isSame = (a: { key: string; effect: string }, b: { key: string; effect: string }) => a.key === b.key && a.effect === b.effect;
  const foreign = node.spec.taints.filter((taint) => !MANAGED.includes(taint.key));
  const managed: Taint[] = wanted.map((want) => node.spec.taints.find((taint) => isSame(taint, want)) ?? { ...want, timeAdded: isoTime(now) });
  const taints = [...foreign, ...managed];
  if (!sameJson(taints, node.spec.taints)) world.api.update(ACTOR, { ...node, spec: { ...node.spec, taints } });
}

/** Taint eviction: pods that do not tolerate a NoExecute taint go, at once or when their toleration runs out. */
function evict(world: World, queue: WorkQueue, key: string): void {
  const { namespace, name } = splitKey(key);
  const pod = world.store.get("Pod", namespace, name);
  if (pod?.spec.nodeName === undefined || pod.metadata.deletionTimestamp !== undefined) return;
  const node = world.store.get("Node", "", pod.spec.nodeName);
  const now = world.timeline.now();
  let dueAt = Number.POSITIVE_INFINITY;
  for (const taint of node?.spec.taints ?? []) if (taint.effect === "NoExecute") dueAt = Math.min(dueAt, toleratedUntil(pod, taint));
  if (dueAt > now) {
    if (Number.isFinite(dueAt)) queue.addAfter(key, dueAt - now);
    return;
  }
  const marked = disrupted(world, pod, "DeletionByTaintManager", "Taint manager: deleting due to NoExecute taint");
  world.api.remove(ACTOR, refOf(marked), { uid: marked.metadata.uid });
  const message = `Marking for deletion Pod ${namespace}/${name}`;
  world.events.emit("taint-eviction-controller", pod, { type: "Normal", reason: "TaintManagerEviction", message });
}

function toleratedUntil(pod: Pod, taint: Taint): number {
  const tolerations = (pod.spec.tolerations ?? []).filter((toleration) => tolerates(toleration, taint));
  if (tolerations.length === 0) return Number.NEGATIVE_INFINITY;
  const seconds = tolerations.map((toleration) => toleration.tolerationSeconds ?? Number.POSITIVE_INFINITY);
  return Date.parse(taint.timeAdded ?? "") + Math.min(...seconds) * 1000;
}

function disrupted(world: World, pod: Pod, reason: string, message: string): Pod {
  const conditions: readonly Condition[] = replaceCondition(
    pod.status.conditions,
    { type: "DisruptionTarget", status: "True", reason, message },
    world.timeline.now(),
  );
  return world.api.update(ACTOR, { ...pod, status: { ...pod.status, conditions } }, { subresource: "status" });
}
