/**
 * Killed at its own memory limit. Undersized and leaking are told apart by how long it runs before it is killed: what needs more than it may have
 * from the start dies soon and each time; what leaks dies late, and a higher limit only makes it later.
 */
import type { Case, Evidence, FailureMode, Remedy } from "../../model/failure-mode.ts";
import type { Pod } from "../../model/kube.ts";
import { containerNamed } from "../../model/pod-state.ts";
import { parseQuantity } from "../../model/quantity.ts";
import { type SandboxKill, sandboxKilledForMemory } from "../../model/sandbox-memory.ts";
import { spanText } from "../../model/time.ts";
import { against, favours } from "../evidence.ts";
import { activePods, quote, refsOf, type TroubledPod, troubled } from "../failing-pods.ts";
import { bothContainers, isSuspect, type NewRevision, newRevision } from "../new-revision.ts";
import { restartRecurrenceMs, steadyHealth } from "../steady-health.ts";

/** A run that ends sooner was too small from the start; the kubelet resets its back-off after the same ten minutes of good running. */
const SHORT_RUN_MS = 10 * 60_000;

export const oomKilled: FailureMode = {
  id: "oom-killed",
  number: 3,
  title: "Killed for memory",
  explains: ["oom-killed", "container-crashing", "container-start", "rollout-stalled"],
  deterministic: true,
  maybeMeant: false,
  specificity: 1,
  examine,
  remedies,
  healthy: steadyHealth,
  recurrenceMs: restartRecurrenceMs,
};

function limitOf({ pod, trouble }: TroubledPod): number | undefined {
  return parseQuantity(containerNamed(pod, trouble.container)?.resources?.limits?.["memory"]);
}

function isShort({ trouble }: TroubledPod): boolean {
  return (trouble.lastRunMs ?? 0) < SHORT_RUN_MS;
}

function examine(given: Case): readonly Evidence[] | undefined {
  const kills = troubled(given, "oom-killed");
  const first = kills[0];
  if (first === undefined) return examineUnstarted(given);
  const refs = refsOf(kills.map((one) => one.pod));
  const text = `container ${first.trouble.container} was killed for memory ${first.trouble.ends} times (${first.trouble.reason})`;
  const evidence: Evidence[] = [favours("killed-for-memory", text, ...refs)];
  if (limitOf(first) === undefined) evidence.push(against("no-limit", "it has no memory limit of its own: the node or a neighbour ran out", ...refs));
  const spans = kills.map((one) => spanText(one.trouble.lastRunMs ?? 0)).slice(0, 5);
  if (kills.every(isShort))
    evidence.push(favours("killed-soon", `each was killed soon after its start (${spans.join(", ")}): the limit is too small`, ...refs));
  else evidence.push(favours("killed-late", `it ran long before it was killed (${spans.join(", ")}): memory grows while it runs`, ...refs));
  const revision = newRevision(
    given,
    kills.map((one) => one.pod),
  );
  if (isSuspect(revision)) evidence.push(favours("new-revision", `${revision.text}${limitChange(revision, first.trouble.container)}`));
  return evidence;
}

/** Pods whose limit is too small for their sandbox: they never ran. */
function unstarted(given: Case): readonly { readonly pod: Pod; readonly kill: SandboxKill }[] {
  return activePods(given).flatMap((pod) => {
    const kill = sandboxKilledForMemory(pod, given.view);
    return kill === undefined ? [] : [{ pod, kill }];
  });
}

function examineUnstarted(given: Case): readonly Evidence[] | undefined {
  const found = unstarted(given);
  const first = found[0];
  if (first === undefined) return undefined;
  const pods = found.map((one) => one.pod);
  const evidence = [favours("sandbox-killed", `the limit of ${first.kill.limit} is too small even to start in:${quote(first.kill.message)}`, ...refsOf(pods))];
  const revision = newRevision(given, pods);
  if (isSuspect(revision)) evidence.push(favours("new-revision", `${revision.text}${limitChange(revision, first.kill.container.name)}`));
  return evidence;
}

function limitChange(revision: NewRevision, container: string): string {
  const both = bothContainers(revision, container);
  const [now, before] = [both?.now, both?.before].map((one) => one?.resources?.limits?.["memory"]);
  return now === before ? "" : `; its memory limit was ${before ?? "not set"} and is ${now ?? "not set"}`;
}

function remedies(given: Case): readonly Remedy[] {
  const kills = troubled(given, "oom-killed");
  const first = kills[0];
  const pods = first === undefined ? unstarted(given).map((one) => one.pod) : kills.map((one) => one.pod);
  const found: Remedy[] = [];
  if (isSuspect(newRevision(given, pods))) found.push({ action: "roll-back", target: given.subject, params: {} });
  // Of a limit that nothing ever started in there is no peak to begin from.
  const limit = first === undefined ? undefined : limitOf(first);
  if (first !== undefined && limit !== undefined && kills.every(isShort)) {
    const params = { container: first.trouble.container, peakBytes: limit, killedAtLimit: true };
    found.push({ action: "raise-memory-limit", target: given.subject, params });
  }
  return found;
}
