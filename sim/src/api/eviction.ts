/** pods/eviction: deletes a pod only where its disruption budgets allow it (k8s.io/kubernetes pkg/registry/core/pod/storage/eviction.go). */
import { type ClusterObject, conditionOf, type Pod, type PodDisruptionBudget, PortError, type Ref } from "@kintsugi/core";
import { matchesSelector } from "../world/selector.ts";
import { type Actor, controllerActor } from "./actor.ts";
import type { Api } from "./api.ts";
import { disruptionBudget, gone, otherUid } from "./errors.ts";

const SPENDER = controllerActor("eviction");

/** Throws PortError: throttled where a budget says not now, gone where the pod or that incarnation of it is not there. */
export function evict(api: Api, actor: Actor, ref: Ref, dryRun = false): ClusterObject {
  const before = api.store.get("Pod", ref.namespace, ref.name);
  return api.audited({ actor, verb: "evict", subresource: "eviction", dryRun }, ref, before, () => {
    if (before === undefined) throw gone(ref);
    if (ref.uid !== undefined && before.metadata.uid !== ref.uid) throw otherUid(ref, ref.uid, before.metadata.uid);
    const budget = askBudget(api, before);
    if (dryRun) return before;
    if (budget !== undefined) {
      const status = { ...budget.status, disruptionsAllowed: budget.status.disruptionsAllowed - 1 };
      api.update(SPENDER, { ...budget, status }, { subresource: "status" });
    }
    return api.deleteEvicted(before);
  });
}

/** The budget to be charged; undefined when none is concerned. */
function askBudget(api: Api, pod: Pod): PodDisruptionBudget | undefined {
  if (pod.status.phase !== "Running" || pod.metadata.deletionTimestamp !== undefined) return undefined;
  const budgets = api.store.inNamespace("PodDisruptionBudget", pod.metadata.namespace).filter((b) => matchesSelector(b.spec.selector, pod.metadata.labels));
  if (budgets.length > 1)
    throw new PortError({ kind: "unavailable", message: "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support." });
  const budget = budgets[0];
  if (budget === undefined) return undefined;
  const { currentHealthy, desiredHealthy, disruptionsAllowed } = budget.status;
  const ready = conditionOf(pod.status.conditions, "Ready")?.status === "True";
  if (!ready && currentHealthy >= desiredHealthy && desiredHealthy > 0) return undefined;
  if (disruptionsAllowed <= 0) throw disruptionBudget(budget.metadata.name, desiredHealthy, currentHealthy);
  return budget;
}
