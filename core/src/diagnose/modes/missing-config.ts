/** A ConfigMap, Secret or key that pods need is not there. Its owner brings it back and it heals by itself; nothing is ever made up. */

import { type ConfigReference, exists, missingInMessage, missingVolumeSource, referenceText, refersTo } from "../../model/config-reference.ts";
import { counted } from "../../model/counted.ts";
import type { Case, Evidence, FailureMode, Remedy } from "../../model/failure-mode.ts";
import type { Pod } from "../../model/kube.ts";
import { workloadHealth } from "../../model/workload-health.ts";
import { favours, weigh } from "../evidence.ts";
import { activePods, quote, refsOf, troubled } from "../failing-pods.ts";
import { isSuspect, newRevision } from "../new-revision.ts";

export const missingConfig: FailureMode = {
  id: "missing-config",
  number: 13,
  title: "ConfigMap, Secret or key is missing",
  explains: ["container-config", "rollout-stalled"],
  deterministic: true,
  maybeMeant: false,
  specificity: 1,
  examine,
  remedies,
  healthy: (given) => workloadHealth(given.view, given.subject),
  recurrenceMs: () => 30_000,
};

interface Lack {
  readonly pod: Pod;
  readonly missing: ConfigReference;
  /** The kubelet's message; empty where it was found by looking. */
  readonly message: string;
}

function lacks(given: Case): readonly Lack[] {
  const said = troubled(given, "container-config").flatMap(({ pod, trouble }): Lack[] => {
    const missing = missingInMessage(trouble.message);
    return missing === undefined ? [] : [{ pod, missing, message: trouble.message }];
  });
  if (said.length > 0) return said;
  return activePods(given).flatMap((pod): Lack[] => {
    const missing = pod.status.phase === "Pending" ? missingVolumeSource(pod, given.view) : undefined;
    return missing === undefined ? [] : [{ pod, missing, message: "" }];
  });
}

function examine(given: Case): readonly Evidence[] | undefined {
  const found = lacks(given);
  const first = found[0];
  if (first === undefined) return undefined;
  const what = referenceText(first.missing);
  const refs = refsOf(found.map((one) => one.pod));
  const evidence: Evidence[] = [favours("named-missing", `${counted(found.length, "pod waits", "pods wait")} for ${what}${quote(first.message)}`, ...refs)];
  const there = exists(given.view, given.subject.namespace, first.missing);
  if (there !== undefined) evidence.push(weigh("still-missing", !there, [`${what} does not exist`, `${what} exists by now: the kubelet will find it`]));
  const asked = cameWithRevision(given, found);
  if (asked !== undefined) {
    evidence.push(
      favours(
        asked.isNew ? "reference-new" : "reference-old",
        `${asked.text}; ${asked.isNew ? "only the new one needs it" : "the earlier one needed it as well"}`,
      ),
    );
  }
  return evidence;
}

/** Undefined when no new revision is in suspicion. */
function cameWithRevision(given: Case, found: readonly Lack[]): { readonly isNew: boolean; readonly text: string } | undefined {
  const revision = newRevision(
    given,
    found.map((one) => one.pod),
  );
  if (!isSuspect(revision)) return undefined;
  return { isNew: found.every((one) => !refersTo(revision.before.template.spec, one.missing)), text: revision.text };
}

function remedies(given: Case): readonly Remedy[] {
  return cameWithRevision(given, lacks(given))?.isNew === true ? [{ action: "roll-back", target: given.subject, params: {} }] : [];
}
