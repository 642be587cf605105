/** Evicted pods whose objects were left behind. They hold nothing but names; deleting them is tidying up. */
import type { Case, Evidence, FailureMode, Health, Remedy } from "../../model/failure-mode.ts";
import { conditionOf, type Pod, refOf } from "../../model/kube.ts";
import { podsOfRoot } from "../../model/owner-chain.ts";
import { isEvicted, isTerminating } from "../../model/pod-state.ts";
import { workloadHealth } from "../../model/workload-health.ts";
import { against, favours, weigh } from "../evidence.ts";
import { quote, refsOf } from "../failing-pods.ts";

/** One act is no larger than this; what is left over is the next incident's. */
const MAX_DELETED = 50;

export const evictedLeftovers: FailureMode = {
  id: "evicted-leftovers",
  number: 20,
  title: "Evicted pods left behind",
  explains: ["evicted-leftovers"],
  deterministic: true,
  maybeMeant: false,
  specificity: 1,
  examine,
  remedies,
  healthy,
  recurrenceMs: () => 60_000,
};

function leftovers(given: Case): readonly Pod[] {
  return podsOfRoot(given.view, given.subject).filter((pod) => isEvicted(pod) && !isTerminating(pod));
}

function examine(given: Case): readonly Evidence[] | undefined {
  const evicted = leftovers(given);
  const first = evicted[0];
  if (first === undefined) return undefined;
  const evidence: Evidence[] = [favours("evicted", `${evicted.length} evicted pods are left${quote(first.status.message)}`, ...refsOf(evicted))];
  const owner = workloadHealth(given.view, given.subject);
  evidence.push(
    weigh("owner-well", owner.answer === "healthy", ["its owner has others in their place", `its owner is not well: ${owner.reason}`], given.subject),
  );
  const pressed = new Set(evicted.flatMap((pod) => pod.spec.nodeName ?? []).filter((name) => isUnderPressure(given, name)));
  if (pressed.size > 0) evidence.push(against("pressure-now", `${[...pressed].join(", ")} is still under pressure: more will be evicted`));
  return evidence;
}

function isUnderPressure(given: Case, name: string): boolean {
  const node = given.view.get("Node", "", name);
  return node !== undefined && ["MemoryPressure", "DiskPressure", "PIDPressure"].some((type) => conditionOf(node.status.conditions, type)?.status === "True");
}

function remedies(given: Case): readonly Remedy[] {
  const pods = leftovers(given).slice(0, MAX_DELETED);
  return pods.length === 0 ? [] : [{ action: "delete-finished-pods", target: ownerOf(given), params: { pods: pods.map((pod) => pod.metadata.name) } }];
}

function ownerOf(given: Case) {
  const owner = given.view.find(given.subject);
  return owner === undefined ? given.subject : refOf(owner);
}

function healthy(given: Case): Health {
  if (given.view.health("Pod") !== "live") return { answer: "unknown", reason: "the view of Pods is not live" };
  const left = leftovers(given).length;
  return left === 0 ? { answer: "healthy", reason: "no evicted pod is left" } : { answer: "unhealthy", reason: `${left} evicted pods are left` };
}
