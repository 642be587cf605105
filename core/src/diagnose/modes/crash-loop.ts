/** A container ends again and again, and nothing says why but its own logs. Restarting it once more is what the kubelet does already. */

import { configReferences } from "../../model/config-reference.ts";
import type { Case, Evidence, FailureMode, Remedy } from "../../model/failure-mode.ts";
import type { ConfigMap, Pod } from "../../model/kube.ts";
import { refOf } from "../../model/kube.ts";
import { timeOf } from "../../model/time.ts";
import { against, favours } from "../evidence.ts";
import { refsOf, type TroubledPod, troubled } from "../failing-pods.ts";
import { isSuspect, newRevision } from "../new-revision.ts";
import { restartRecurrenceMs, steadyHealth } from "../steady-health.ts";

export const crashLoop: FailureMode = {
  id: "crash-loop",
  number: 1,
  title: "Crash loop",
  explains: ["container-crashing", "rollout-stalled"],
  deterministic: true,
  maybeMeant: false,
  specificity: 3,
  examine,
  remedies,
  healthy: steadyHealth,
  recurrenceMs: restartRecurrenceMs,
};

function examine(given: Case): readonly Evidence[] | undefined {
  const crashes = troubled(given, "container-crashing");
  const first = crashes[0];
  if (first === undefined) return undefined;
  const pods = crashes.map((one) => one.pod);
  const { trouble } = first;
  const text = `container ${trouble.container} has ended ${trouble.ends} times, last with exit code ${trouble.exitCode ?? "unknown"} (${trouble.reason})`;
  const evidence: Evidence[] = [favours("ends-again", text, ...refsOf(pods))];
  const revision = newRevision(given, pods);
  if (isSuspect(revision)) evidence.push(against("new-revision", `it came with a new revision: ${revision.text}`));
  else
    evidence.push(
      favours("no-new-revision", revision === undefined ? "no new revision came before it" : "the revision ran well before, or the trouble is older than it"),
    );
  if (crashes.every((one) => one.trouble.exitCode === 126 || one.trouble.exitCode === 127)) {
    evidence.push(against("exit-code-says-start", `exit code ${trouble.exitCode} means that the program could not be started`, ...refsOf(pods)));
  }
  const cured = curedBy(given, crashes);
  if (cured !== undefined) evidence.push(favours("cause-cured", `ConfigMap ${cured.metadata.name} changed after the last crash`, refOf(cured)));
  return evidence;
}

/** A ConfigMap that the crashing pods need and that was made or written after each of their last crashes: they wait out a back-off for nothing. */
function curedBy(given: Case, crashes: readonly TroubledPod[]): ConfigMap | undefined {
  if (!crashes.every((one) => one.trouble.down && one.trouble.endedAt !== undefined)) return undefined;
  const last = Math.max(...crashes.map((one) => one.trouble.endedAt ?? Number.POSITIVE_INFINITY));
  for (const name of configMapsOf(crashes.map((one) => one.pod))) {
    const map = given.view.get("ConfigMap", given.subject.namespace, name);
    if (map === undefined) continue;
    const times = [map.metadata.creationTimestamp, ...map.metadata.managers.map((manager) => manager.time)];
    if (times.some((time) => (timeOf(time) ?? 0) > last)) return map;
  }
  return undefined;
}

function configMapsOf(pods: readonly Pod[]): ReadonlySet<string> {
  return new Set(pods.flatMap((pod) => configReferences(pod.spec)).flatMap((reference) => (reference.kind === "ConfigMap" ? [reference.name] : [])));
}

function remedies(given: Case): readonly Remedy[] {
  const crashes = troubled(given, "container-crashing");
  if (crashes.length === 0 || curedBy(given, crashes) === undefined) return [];
  return [{ action: "rollout-restart", target: given.subject, params: {} }];
}
