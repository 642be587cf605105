/** Evicts one pod through the eviction API, which keeps to disruption budgets; its controller makes it again, perhaps on another node. */
import type { Action, Draft } from "../../model/action.ts";
import { controllerOf, type Pod, refOf } from "../../model/kube.ts";
import { podsOfRoot, rootOf } from "../../model/owner-chain.ts";
import { isActive, isFinished, isReady, isTerminating } from "../../model/pod-state.ts";
import { refText } from "../../model/ref.ts";
import type { View } from "../../model/view.ts";
import { impossible } from "../field-patch.ts";
import { anyOf, permissionsOf } from "../permissions.ts";
import { notRemade } from "../remade.ts";

export const evictPod: Action = {
  id: "evict-pod",
  title: "Evict a pod so that its controller makes it anew",
  risk: "low",
  permissions: [anyOf("Pod", "get"), anyOf("Pod", "create", "eviction")],
  plan(target, _params, { view }) {
    const pod = view.find(target);
    if (pod?.kind !== "Pod") return impossible(`${refText(target)} is gone or is no pod`);
    if (isTerminating(pod) || isFinished(pod)) return impossible(`${refText(target)} is on its way out or has finished already`);
    const orphan = notRemade(pod, view);
    if (orphan !== undefined) return impossible(`${refText(target)} is not evicted: ${orphan}`);
    if (isReady(pod) && !hasReadySibling(pod, view)) return impossible(`${refText(target)} is the last ready pod of its owner`);
    return { type: "plan", draft: draftFor(pod) };
  },
};

function draftFor(pod: Pod): Draft {
  const target = refOf(pod);
  const steps = [{ verb: "evict", target }] as const;
  const owner = controllerOf(pod);
  return {
    action: evictPod.id,
    target,
    summary: `Evict ${refText(target)}; ${owner?.kind} ${owner?.name} makes it anew`,
    steps,
    inverse: { type: "none", why: "a pod that is gone is not brought back; its controller makes another" },
    risk: evictPod.risk,
    permissions: permissionsOf(steps),
    changesSpec: false,
    fields: [],
    diff: [{ path: refText(target), before: pod.status.phase, after: null }],
  };
}

function hasReadySibling(pod: Pod, view: View): boolean {
  return podsOfRoot(view, rootOf(pod, view)).some((other) => other.metadata.uid !== pod.metadata.uid && isActive(other) && isReady(other));
}
