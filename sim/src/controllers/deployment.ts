/** Deployment controller (k8s.io/kubernetes pkg/controller/deployment/deployment_controller.go, progress.go). */
import { type Condition, conditionOf, controllerOf, type Deployment, type ReplicaSet } from "@kintsugi/core";
import { sameJson } from "../world/same.ts";
import type { World } from "../world/world.ts";
import { setCondition, withoutCondition } from "./conditions.ts";
import { ACTOR, ensureCurrent, maxUnavailable, pruneHistory, type Sets, setsOf } from "./deployment-revisions.ts";
import { isScaling, recreate, roll, scale } from "./deployment-rollout.ts";
import { keyOf, splitKey, WorkQueue } from "./queue.ts";

export function startDeployments(world: World): void {
  const queue = new WorkQueue(world, "deployment", (key) => reconcile(world, queue, key));
  world.store.onChange(["Deployment"], ({ before, after }) => queue.add(keyOf((after ?? before)?.metadata ?? { namespace: "", name: "" })));
  world.store.onChange(["ReplicaSet"], ({ before, after }) => {
    const set = after ?? before;
    const owner = set === undefined ? undefined : controllerOf(set);
    if (set !== undefined && owner?.kind === "Deployment") queue.add(`${set.metadata.namespace}/${owner.name}`);
  });
  // A Recreate rollout waits for the last old pod to go.
  world.store.onChange(["Pod"], ({ before, after }) => {
    if (after !== undefined || before === undefined) return;
    const owner = controllerOf(before);
    const set = owner?.kind === "ReplicaSet" ? world.store.get("ReplicaSet", before.metadata.namespace, owner.name) : undefined;
    const deployment = set === undefined ? undefined : controllerOf(set);
    if (deployment?.kind === "Deployment") queue.add(`${before.metadata.namespace}/${deployment.name}`);
  });
}

function reconcile(world: World, queue: WorkQueue, key: string): void {
  const { namespace, name } = splitKey(key);
  const found = world.store.get("Deployment", namespace, name);
  if (found === undefined || found.metadata.deletionTimestamp !== undefined) return;
  const [deployment, sets] = move(world, found);
  const fresh = setsOf(world, deployment);
  writeStatus(world, queue, deployment, { current: fresh.current ?? sets.current, old: fresh.old });
}

/** Moves replicas where that is due. Returns the Deployment as it was noted. */
function move(world: World, found: Deployment): [Deployment, Sets] {
  const present = setsOf(world, found);
  if (found.spec.paused) {
    scale(world, found, present);
    return [notePaused(world, found), present];
  }
  if (isScaling(found, present)) {
    scale(world, found, present);
    return [found, present];
  }
  const { deployment, sets } = ensureCurrent(world, found);
  if (deployment.spec.strategy === "Recreate") recreate(world, deployment, sets);
  else roll(world, deployment, sets);
  if (isComplete(deployment, deployment.status)) pruneHistory(world, sets.old);
  return [deployment, sets];
}

function notePaused(world: World, deployment: Deployment): Deployment {
  if (conditionOf(deployment.status.conditions, "Progressing")?.reason === "ProgressDeadlineExceeded") return deployment;
  const text = { type: "Progressing", status: "Unknown", reason: "DeploymentPaused", message: "Deployment is paused" } as const;
  const conditions = setCondition(deployment.status.conditions, text, world.timeline.now());
  if (conditions === deployment.status.conditions) return deployment;
  return world.api.update(ACTOR, { ...deployment, status: { ...deployment.status, conditions } }, { subresource: "status" });
}

type Status = Deployment["status"];

function isComplete(deployment: Deployment, status: Status): boolean {
  const { replicas } = deployment.spec;
  const isSized = status.updatedReplicas === replicas && status.replicas === replicas && status.availableReplicas === replicas;
  return isSized && status.observedGeneration >= (deployment.metadata.generation ?? 0);
}

function counts(deployment: Deployment, sets: Sets): Omit<Status, "conditions"> {
  const all = sets.current === undefined ? sets.old : [...sets.old, sets.current];
  const sum = (of: (set: ReplicaSet) => number) => all.reduce((total, set) => total + of(set), 0);
  const availableReplicas = sum((set) => set.status.availableReplicas);
  return {
    observedGeneration: deployment.metadata.generation ?? 0,
    replicas: sum((set) => set.status.replicas),
    updatedReplicas: sets.current?.status.replicas ?? 0,
    readyReplicas: sum((set) => set.status.readyReplicas),
    availableReplicas,
    unavailableReplicas: Math.max(0, sum((set) => set.spec.replicas) - availableReplicas),
  };
}

function writeStatus(world: World, queue: WorkQueue, deployment: Deployment, sets: Sets): void {
  const now = world.timeline.now();
  const next = counts(deployment, sets);
  let conditions = availability(deployment, next, now);
  if (!deployment.spec.paused) conditions = progress(deployment, next, conditions, sets, now);
  conditions = replicaFailure(conditions, sets);
  const status: Status = { ...next, conditions };
  if (!sameJson(status, deployment.status)) world.api.update(ACTOR, { ...deployment, status }, { subresource: "status" });
  planDeadline(queue, deployment, status, now);
}

function availability(deployment: Deployment, next: Omit<Status, "conditions">, now: number): readonly Condition[] {
  const isEnough = next.availableReplicas >= deployment.spec.replicas - maxUnavailable(deployment);
  const text = isEnough
    ? ({ status: "True", reason: "MinimumReplicasAvailable", message: "Deployment has minimum availability." } as const)
    : ({ status: "False", reason: "MinimumReplicasUnavailable", message: "Deployment does not have minimum availability." } as const);
  return setCondition(deployment.status.conditions, { type: "Available", ...text }, now);
}

/** syncRolloutStatus: complete, progressing, or timed out. */
function progress(deployment: Deployment, next: Omit<Status, "conditions">, conditions: readonly Condition[], sets: Sets, now: number): readonly Condition[] {
  const current = conditionOf(conditions, "Progressing");
  const isDone = next.replicas === next.updatedReplicas && current?.reason === "NewReplicaSetAvailable";
  if (isDone) return conditions;
  const what = sets.current === undefined ? `Deployment "${deployment.metadata.name}"` : `ReplicaSet "${sets.current.metadata.name}"`;
  if (isComplete(deployment, { ...next, conditions })) {
    const text = { type: "Progressing", status: "True", reason: "NewReplicaSetAvailable", message: `${what} has successfully progressed.` } as const;
    return setCondition(conditions, text, now);
  }
  if (hasProgressed(deployment.status, next)) {
    const text = { type: "Progressing", status: "True", reason: "ReplicaSetUpdated", message: `${what} is progressing.` } as const;
    const made = setCondition(withoutCondition(conditions, "Progressing"), text, now);
    const since = current?.status === "True" ? current.lastTransitionTime : undefined;
    return since === undefined ? made : made.map((one) => (one.type === "Progressing" ? { ...one, lastTransitionTime: since } : one));
  }
  if (!isTimedOut(deployment, current, now)) return conditions;
  const text = { type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded", message: `${what} has timed out progressing.` } as const;
  return setCondition(conditions, text, now);
}

function hasProgressed(old: Status, next: Omit<Status, "conditions">): boolean {
  return (
    next.updatedReplicas > old.updatedReplicas ||
    next.replicas - next.updatedReplicas < old.replicas - old.updatedReplicas ||
    next.readyReplicas > old.readyReplicas ||
    next.availableReplicas > old.availableReplicas
  );
}

function isTimedOut(deployment: Deployment, current: Condition | undefined, now: number): boolean {
  if (current === undefined || current.reason === "NewReplicaSetAvailable") return false;
  if (current.reason === "ProgressDeadlineExceeded") return true;
  return Date.parse(current.lastUpdateTime ?? current.lastTransitionTime) + deployment.spec.progressDeadlineSeconds * 1000 < now;
}

function replicaFailure(conditions: readonly Condition[], sets: Sets): readonly Condition[] {
  const all = sets.current === undefined ? sets.old : [sets.current, ...sets.old];
  const failure = all.map((set) => conditionOf(set.status.conditions, "ReplicaFailure")).find((condition) => condition !== undefined);
  const without = withoutCondition(conditions, "ReplicaFailure");
  return failure === undefined ? without : [...without, { ...failure, lastUpdateTime: failure.lastTransitionTime }];
}

/** A rollout that stands still causes no change, so it is looked at when its deadline has passed (requeueStuckDeployment). */
function planDeadline(queue: WorkQueue, deployment: Deployment, status: Status, now: number): void {
  const current = conditionOf(status.conditions, "Progressing");
  const isWaiting = current?.status === "True" && current.reason !== "NewReplicaSetAvailable" && !deployment.spec.paused;
  if (!isWaiting || isComplete(deployment, status)) return;
  const due = Date.parse(current.lastUpdateTime ?? current.lastTransitionTime) + deployment.spec.progressDeadlineSeconds * 1000;
  queue.addAfter(keyOf(deployment.metadata), Math.max(1000, due - now + 1000));
}
