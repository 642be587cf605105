/** PodDisruptionBudget status (pkg/controller/disruption/disruption.go). */
import { controllerOf, type Pod, type PodDisruptionBudget } from "@kintsugi/core";
import { controllerActor } from "../api/actor.ts";
import { sameJson } from "../world/same.ts";
import { matchesSelector } from "../world/selector.ts";
import type { World } from "../world/world.ts";
import { isReady, isTerminal } from "./pods.ts";
import { keyOf, splitKey, WorkQueue } from "./queue.ts";

const ACTOR = controllerActor("disruption-controller");

export function startDisruption(world: World): void {
  const queue = new WorkQueue(world, "disruption", (key) => reconcile(world, key));
  const addAll = (namespace: string) => {
    for (const budget of world.store.inNamespace("PodDisruptionBudget", namespace)) queue.add(keyOf(budget.metadata));
  };
  world.store.onChange(["PodDisruptionBudget"], ({ after }) => {
    if (after !== undefined) queue.add(keyOf(after.metadata));
  });
  world.store.onChange(["Pod"], ({ before, after }) => {
    const [old, now] = [before as Pod | undefined, after as Pod | undefined];
    const isSame = old !== undefined && now !== undefined && isReady(old) === isReady(now) && old.metadata.deletionTimestamp === now.metadata.deletionTimestamp;
    if (!isSame || isTerminal(old) !== isTerminal(now)) addAll((now ?? old)?.metadata.namespace ?? "");
  });
  world.store.onChange(["Deployment", "StatefulSet", "ReplicaSet"], ({ before, after }) => {
    if (before !== undefined && after !== undefined && "spec" in before && "spec" in after && before.spec !== after.spec) addAll(after.metadata.namespace);
  });
}

function reconcile(world: World, key: string): void {
  const { namespace, name } = splitKey(key);
  const budget = world.store.get("PodDisruptionBudget", namespace, name);
  if (budget === undefined) return;
  const pods = world.store.inNamespace("Pod", namespace).filter((pod) => matchesSelector(budget.spec.selector, pod.metadata.labels) && !isTerminal(pod));
  const currentHealthy = pods.filter((pod) => isReady(pod) && pod.metadata.deletionTimestamp === undefined).length;
  const [expected, desiredHealthy] = wanted(world, budget, pods);
  const disruptionsAllowed = expected <= 0 ? 0 : Math.max(0, currentHealthy - desiredHealthy);
  const status = { disruptionsAllowed, currentHealthy, desiredHealthy };
  if (!sameJson(status, budget.status)) world.api.update(ACTOR, { ...budget, status }, { subresource: "status" });
}

/** Expected and desired healthy counts. A count needs no owner; a share, and maxUnavailable, are of the owners' scale. */
function wanted(world: World, budget: PodDisruptionBudget, pods: readonly Pod[]): readonly [number, number] {
  const { minAvailable, maxUnavailable } = world.api.hidden(budget).budget ?? { minAvailable: 1 };
  if (typeof minAvailable === "number") return [pods.length, minAvailable];
  const expected = scaleOf(world, pods);
  if (maxUnavailable !== undefined) return [expected, Math.max(0, expected - scaled(maxUnavailable, expected))];
  return [expected, scaled(minAvailable ?? 1, expected)];
}

function scaled(value: number | string, of: number): number {
  return typeof value === "number" ? value : Math.ceil((Number.parseFloat(value) / 100) * of);
}

function scaleOf(world: World, pods: readonly Pod[]): number {
  const scales = new Map<string, number>();
  for (const pod of pods) {
    const reference = controllerOf(pod);
    if (reference === undefined) continue;
    const { namespace } = pod.metadata;
    const set = world.store.get("ReplicaSet", namespace, reference.name);
    const above = set === undefined ? undefined : controllerOf(set);
    const owner =
      above === undefined ? (set ?? world.store.get("StatefulSet", namespace, reference.name)) : world.store.get("Deployment", namespace, above.name);
    if (owner !== undefined) scales.set(owner.metadata.uid, owner.spec.replicas);
  }
  return [...scales.values()].reduce((sum, replicas) => sum + replicas, 0);
}
