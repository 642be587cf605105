/** Moving a Deployment's replicas between its ReplicaSets (deployment/rolling.go, recreate.go, sync.go). */
import type { Deployment, ReplicaSet } from "@kintsugi/core";
import type { World } from "../world/world.ts";
import { ACTOR, DESIRED, maxSurge, maxUnavailable, type Sets, SOURCE, sizes } from "./deployment-revisions.ts";
import { isTerminal } from "./pods.ts";

function total(sets: readonly ReplicaSet[]): number {
  return sets.reduce((sum, set) => sum + set.spec.replicas, 0);
}

function available(sets: readonly ReplicaSet[]): number {
  return sets.reduce((sum, set) => sum + set.status.availableReplicas, 0);
}

function everySet(sets: Sets): ReplicaSet[] {
  return sets.current === undefined ? [...sets.old] : [...sets.old, sets.current];
}

function active(sets: readonly ReplicaSet[]): ReplicaSet[] {
  return sets.filter((set) => set.spec.replicas > 0);
}

/** Writes the size, with the annotations that tell a scaling from a rollout, and the Event. */
function resize(world: World, deployment: Deployment, set: ReplicaSet, replicas: number): boolean {
  const wanted = sizes(deployment);
  const isSized = set.spec.replicas === replicas;
  const isNoted = Object.entries(wanted).every(([key, value]) => set.metadata.annotations[key] === value);
  if (isSized && isNoted) return false;
  const metadata = { ...set.metadata, annotations: { ...set.metadata.annotations, ...wanted } };
  world.api.update(ACTOR, { ...set, metadata, spec: isSized ? set.spec : { ...set.spec, replicas } });
  if (isSized) return false;
  const direction = replicas > set.spec.replicas ? "up" : "down";
  const message = `Scaled ${direction} replica set ${set.metadata.name} from ${set.spec.replicas} to ${replicas}`;
  world.events.emit(SOURCE, deployment, { type: "Normal", reason: "ScalingReplicaSet", message });
  return true;
}

/** True while the ReplicaSets were sized for another number of replicas than is asked for now. */
export function isScaling(deployment: Deployment, sets: Sets): boolean {
  return active(everySet(sets)).some((set) => {
    const desired = set.metadata.annotations[DESIRED];
    return desired !== undefined && Number(desired) !== deployment.spec.replicas;
  });
}

/** Scaling without a rollout: the one active set, or in proportion while a rollout is under way. */
export function scale(world: World, deployment: Deployment, sets: Sets): void {
  const wanted = deployment.spec.replicas;
  const running = active(everySet(sets));
  const only = running.length === 0 ? sets.current : running.length === 1 ? running[0] : undefined;
  if (only !== undefined) {
    resize(world, deployment, only, wanted);
    return;
  }
  const { current } = sets;
  const isSaturated = current !== undefined && current.spec.replicas === wanted && current.status.availableReplicas === wanted;
  if (isSaturated) {
    for (const set of active(sets.old)) resize(world, deployment, set, 0);
    return;
  }
  if (deployment.spec.strategy === "RollingUpdate") scaleInProportion(world, deployment, running);
}

function scaleInProportion(world: World, deployment: Deployment, running: readonly ReplicaSet[]): void {
  const allowed = deployment.spec.replicas > 0 ? deployment.spec.replicas + maxSurge(deployment) : 0;
  const before = total(running);
  let left = allowed - before;
  const isYounger = (a: ReplicaSet, b: ReplicaSet) => (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? 1 : -1);
  const ordered = [...running].sort((a, b) => b.spec.replicas - a.spec.replicas || (left > 0 ? isYounger(a, b) : isYounger(b, a)));
  const sizesNow = ordered.map((set) => {
    const share = before === 0 ? 0 : Math.round((set.spec.replicas * allowed) / before) - set.spec.replicas;
    const change = left > 0 ? Math.min(Math.max(share, 0), left) : Math.max(Math.min(share, 0), left);
    left -= change;
    return set.spec.replicas + change;
  });
  ordered.forEach((set, i) => {
    resize(world, deployment, set, Math.max(0, (sizesNow[i] ?? 0) + (i === 0 ? left : 0)));
  });
}

/** One step of a rolling update: first room for the new, then away with the old. */
export function roll(world: World, deployment: Deployment, sets: Sets): void {
  const { current } = sets;
  if (current === undefined) return;
  if (resize(world, deployment, current, wantedOfNew(deployment, everySet(sets), current))) return;
  shrinkOld(world, deployment, sets, current);
}

function wantedOfNew(deployment: Deployment, all: readonly ReplicaSet[], current: ReplicaSet): number {
  const wanted = deployment.spec.replicas;
  if (current.spec.replicas >= wanted) return wanted;
  const room = wanted + maxSurge(deployment) - total(all);
  return room <= 0 ? current.spec.replicas : current.spec.replicas + Math.min(room, wanted - current.spec.replicas);
}

function shrinkOld(world: World, deployment: Deployment, sets: Sets, current: ReplicaSet): void {
  if (total(sets.old) === 0) return;
  const minAvailable = deployment.spec.replicas - maxUnavailable(deployment);
  const unavailableOfNew = current.spec.replicas - current.status.availableReplicas;
  const most = total(everySet(sets)) - minAvailable - unavailableOfNew;
  if (most <= 0) return;
  const old = [...active(sets.old)].sort((a, b) => (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? -1 : 1));
  const cleaned = new Map<string, number>();
  let cleanups = most;
  for (const set of old) {
    const count = Math.min(cleanups, set.spec.replicas - set.status.availableReplicas);
    if (count <= 0) continue;
    cleanups -= count;
    cleaned.set(set.metadata.uid, set.spec.replicas - count);
  }
  let spare = available(everySet(sets)) - minAvailable;
  for (const set of old) {
    const size = cleaned.get(set.metadata.uid) ?? set.spec.replicas;
    const count = Math.max(0, Math.min(spare, size));
    spare -= count;
    if (size - count !== set.spec.replicas) resize(world, deployment, set, size - count);
  }
}

/** All of the old first; the new only when no old pod is left. */
export function recreate(world: World, deployment: Deployment, sets: Sets): void {
  if (active(sets.old).length > 0) {
    for (const set of active(sets.old)) resize(world, deployment, set, 0);
    return;
  }
  const isOldPodLeft = sets.old.some((set) => world.store.ownedBy("Pod", set.metadata.uid).some((pod) => !isTerminal(pod)));
  if (!isOldPodLeft && sets.current !== undefined) resize(world, deployment, sets.current, deployment.spec.replicas);
}
