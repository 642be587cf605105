/** Pods run but their readiness probe fails. One that is stuck while others serve may be made anew; the last ready one never is. */

import { counted } from "../../model/counted.ts";
import type { Case, Evidence, FailureMode, Remedy } from "../../model/failure-mode.ts";
import { conditionOf, type Pod, refOf } from "../../model/kube.ts";
import { containerNamed, containerTroubles, isReady, readyChangedAt } from "../../model/pod-state.ts";
import { workloadHealth } from "../../model/workload-health.ts";
import { unwellCallee } from "../callee.ts";
import { against, favours, weigh } from "../evidence.ts";
import { activePods, isStarting, quote, refsOf } from "../failing-pods.ts";
import { isSuspect, newRevision } from "../new-revision.ts";
import { probeRecurrenceMs } from "../steady-health.ts";

export const readinessFailing: FailureMode = {
  id: "readiness-failing",
  number: 6,
  title: "Readiness probe fails",
  explains: ["pod-not-ready", "rollout-stalled"],
  deterministic: true,
  maybeMeant: false,
  specificity: 3,
  examine,
  remedies,
  healthy: (given) => workloadHealth(given.view, given.subject),
  recurrenceMs: probeRecurrenceMs,
};

/** Runs, no container is down, and is not ready. */
function unreadyPods(given: Case): readonly Pod[] {
  return activePods(given).filter((pod) => pod.status.phase === "Running" && !isReady(pod) && !containerTroubles(pod).some((trouble) => trouble.down));
}

function examine(given: Case): readonly Evidence[] | undefined {
  const unready = unreadyPods(given);
  if (unready.length === 0) return undefined;
  const refs = refsOf(unready);
  const probed = unready.filter(hasFailingProbe);
  const first = probed[0];
  const said = first === undefined ? "" : quote(lastUnhealthy(given, first));
  const evidence: Evidence[] = [
    weigh(
      "probe-fails",
      first !== undefined,
      [
        `${counted(probed.length, "pod runs, but its", "pods run, but their")} readiness probe fails${said}`,
        "no container that is not ready has a readiness probe",
      ],
      ...refs,
    ),
  ];
  if (unready.every((pod) => isStarting(given, pod)))
    evidence.push(against("only-starting", "they are on their way, and nobody has waited for them for long", ...refs));
  const down = unready.filter((pod) => isOnDeadNode(given, pod));
  if (down.length > 0) evidence.push(against("node-not-ready", `${down.length} of them are on a node that is not ready`, ...refsOf(down)));
  const revision = newRevision(given, unready);
  if (isSuspect(revision)) evidence.push(against("new-revision", `it came with a new revision: ${revision.text}`));
  else
    evidence.push(
      favours("no-new-revision", revision === undefined ? "no new revision came before it" : "the revision ran well before, or the trouble is older than it"),
    );
  const ready = activePods(given).filter(isReady);
  if (ready.length > 0) evidence.push(favours("others-ready", `${ready.length} other pods of it are ready`, ...refsOf(ready)));
  const callee = unwellCallee(given, unready);
  if (callee !== undefined)
    evidence.push(
      against("callee-unwell", `it calls ${callee.service.metadata.name} (${callee.where}), which is or lately was not all ready`, refOf(callee.service)),
    );
  const closer = activePods(given).flatMap((pod) => containerTroubles(pod).filter((trouble) => trouble.down))[0];
  if (closer !== undefined) evidence.push(against("closer-reason", `other pods of it are down for a closer reason: ${closer.reason}`));
  return evidence;
}

function hasFailingProbe(pod: Pod): boolean {
  return pod.status.containerStatuses.some(
    (status) => !status.ready && status.state.running !== undefined && containerNamed(pod, status.name)?.readinessProbe !== undefined,
  );
}

function lastUnhealthy(given: Case, pod: Pod): string {
  return given.view.eventsOf(pod.metadata.uid).findLast((event) => event.reason === "Unhealthy")?.message ?? "";
}

function isOnDeadNode(given: Case, pod: Pod): boolean {
  const node = pod.spec.nodeName === undefined ? undefined : given.view.get("Node", "", pod.spec.nodeName);
  return node !== undefined && conditionOf(node.status.conditions, "Ready")?.status !== "True";
}

function remedies(given: Case): readonly Remedy[] {
  const unready = unreadyPods(given);
  if (isSuspect(newRevision(given, unready))) return [{ action: "roll-back", target: given.subject, params: {} }];
  const ready = activePods(given).filter(isReady).length;
  const stuck = unready.filter((pod) => !isOnDeadNode(given, pod)).sort((a, b) => readyChangedAt(a) - readyChangedAt(b))[0];
  // Where most fail it is not the pod that is stuck: a dependency or the probe is wrong, and another pod would fail the same way.
  if (stuck === undefined || given.subject.kind === "Pod" || ready < unready.length) return [];
  return [{ action: "evict-pod", target: refOf(stuck), params: {} }];
}
