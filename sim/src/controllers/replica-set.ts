/** ReplicaSet controller (k8s.io/kubernetes pkg/controller/replicaset/replica_set.go). */
import { type Condition, controllerOf, type Pod, PortError, type ReplicaSet } from "@kintsugi/core";
import { controllerActor } from "../api/actor.ts";
import type { Random } from "../random.ts";
import { sameJson } from "../world/same.ts";
import type { World } from "../world/world.ts";
import { setCondition, withoutCondition } from "./conditions.ts";
import { byDeletionOrder, isActive, isAvailable, isReady, podFromTemplate } from "./pods.ts";
import { keyOf, splitKey, WorkQueue } from "./queue.ts";

const ACTOR = controllerActor("replicaset-controller");
const SOURCE = "replicaset-controller";
/** The most pods created or deleted in one pass. */
const BURST_REPLICAS = 500;

interface Failed {
  readonly error: PortError;
  readonly doing: "FailedCreate" | "FailedDelete";
}

export function startReplicaSets(world: World): void {
  const random = world.random.fork("replicaset");
  const queue = new WorkQueue(world, "replicaset", (key) => reconcile(world, random, queue, key));
  world.store.onChange(["ReplicaSet"], ({ before, after }) => queue.add(keyOf((after ?? before)?.metadata ?? { namespace: "", name: "" })));
  world.store.onChange(["Pod"], ({ before, after }) => {
    const pod = after ?? before;
    const owner = pod === undefined ? undefined : controllerOf(pod);
    if (pod !== undefined && owner?.kind === "ReplicaSet") queue.add(`${pod.metadata.namespace}/${owner.name}`);
  });
}

function reconcile(world: World, random: Random, queue: WorkQueue, key: string): void {
  const { namespace, name } = splitKey(key);
  const set = world.store.get("ReplicaSet", namespace, name);
  if (set === undefined) return;
  const pods = world.store.ownedBy("Pod", set.metadata.uid).filter(isActive);
  const failed = set.metadata.deletionTimestamp === undefined ? manage(world, random, set, pods) : undefined;
  writeStatus(world, queue, set, pods, failed);
  if (failed !== undefined) throw failed.error;
}

function manage(world: World, random: Random, set: ReplicaSet, pods: readonly Pod[]): Failed | undefined {
  const missing = set.spec.replicas - pods.length;
  if (missing > 0) return createPods(world, random, set, Math.min(missing, BURST_REPLICAS));
  if (missing === 0) return undefined;
  const surplus = [...pods].sort(byDeletionOrder).slice(0, Math.min(-missing, BURST_REPLICAS));
  for (const pod of surplus) {
    world.api.remove(ACTOR, { kind: "Pod", namespace: set.metadata.namespace, name: pod.metadata.name }, { uid: pod.metadata.uid });
    world.events.emit(SOURCE, set, { type: "Normal", reason: "SuccessfulDelete", message: `Deleted pod: ${pod.metadata.name}` });
  }
  return undefined;
}

/** In batches of 1, 2, 4 and so on; the first refusal ends the pass. */
function createPods(world: World, random: Random, set: ReplicaSet, count: number): Failed | undefined {
  let left = count;
  for (let batch = 1; left > 0; batch *= 2) {
    let failed: Failed | undefined;
    for (let i = 0; i < Math.min(batch, left); i += 1) failed = createPod(world, random, set) ?? failed;
    if (failed !== undefined) return failed;
    left -= Math.min(batch, left);
  }
  return undefined;
}

function createPod(world: World, random: Random, set: ReplicaSet): Failed | undefined {
  const name = `${set.metadata.name}-${random.suffix(5)}`;
  try {
    world.api.create(ACTOR, podFromTemplate(set, set.spec.template, name));
    world.events.emit(SOURCE, set, { type: "Normal", reason: "SuccessfulCreate", message: `Created pod: ${name}` });
    return undefined;
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    world.events.emit(SOURCE, set, { type: "Warning", reason: "FailedCreate", message: `Error creating: ${error.failure.message}` });
    return { error, doing: "FailedCreate" };
  }
}

function writeStatus(world: World, queue: WorkQueue, set: ReplicaSet, seen: readonly Pod[], failed: Failed | undefined): void {
  const now = world.timeline.now();
  const minReadySeconds = minReadyOf(world, set);
  const ready = seen.filter(isReady);
  const available = ready.filter((pod) => isAvailable(pod, minReadySeconds, now));
  if (available.length < ready.length) queue.addAfter(keyOf(set.metadata), minReadySeconds * 1000);
  const status: ReplicaSet["status"] = {
    observedGeneration: set.metadata.generation ?? 0,
    replicas: seen.length,
    readyReplicas: ready.length,
    availableReplicas: available.length,
    conditions: conditions(set.status.conditions, failed, now),
  };
  if (sameJson(status, set.status)) return;
  world.api.update(ACTOR, { ...set, status }, { subresource: "status" });
}

function conditions(current: readonly Condition[], failed: Failed | undefined, now: number): readonly Condition[] {
  if (failed === undefined) return withoutCondition(current, "ReplicaFailure");
  const text = { type: "ReplicaFailure", status: "True", reason: failed.doing, message: failed.error.failure.message } as const;
  return setCondition(current, text, now, false);
}

/** The model keeps it on the Deployment alone; its ReplicaSets carry the same value. */
function minReadyOf(world: World, set: ReplicaSet): number {
  const owner = controllerOf(set);
  return (owner && world.store.get("Deployment", set.metadata.namespace, owner.name)?.spec.minReadySeconds) ?? 0;
}
