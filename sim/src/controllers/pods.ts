/** Questions that every workload controller asks about pods (k8s.io/kubernetes pkg/controller/controller_utils.go). */

import type { ClusterObject } from "@kintsugi/core";
import { apiVersion, conditionOf, type OwnerReference, type Pod, type PodTemplate } from "@kintsugi/core";
import type { Draft } from "../api/draft.ts";
import { fnv1a } from "../random.ts";
import { canonicalJson } from "../world/same.ts";

export function isTerminal(pod: Pod): boolean {
  return pod.status.phase === "Succeeded" || pod.status.phase === "Failed";
}

/** Neither ended nor being deleted. */
export function isActive(pod: Pod): boolean {
  return !isTerminal(pod) && pod.metadata.deletionTimestamp === undefined;
}

export function isReady(pod: Pod): boolean {
  return conditionOf(pod.status.conditions, "Ready")?.status === "True";
}

/** Since when it is ready, ms; undefined while it is not. */
export function readySince(pod: Pod): number | undefined {
  const ready = conditionOf(pod.status.conditions, "Ready");
  return ready?.status === "True" ? Date.parse(ready.lastTransitionTime) : undefined;
}

export function isAvailable(pod: Pod, minReadySeconds: number, now: number): boolean {
  const since = readySince(pod);
  return since !== undefined && since + minReadySeconds * 1000 <= now;
}

export function ownerReference(owner: ClusterObject): OwnerReference {
  const { name, uid } = owner.metadata;
  return { apiVersion: apiVersion(owner.kind), kind: owner.kind, name, uid, controller: true };
}

export function podFromTemplate(owner: ClusterObject, template: PodTemplate, name: string, extra: Readonly<Record<string, string>> = {}): Draft<"Pod"> {
  return {
    kind: "Pod",
    metadata: {
      name,
      namespace: owner.metadata.namespace,
      labels: { ...template.metadata.labels, ...extra },
      annotations: template.metadata.annotations ?? {},
      ownerReferences: [ownerReference(owner)],
    },
    spec: template.spec,
  };
}

/**
 * Which pods to take away first (controller.ActivePodsWithRanks): not assigned, pending, not ready, ready for the shorter time,
 * restarted more often, younger.
 */
export function byDeletionOrder(a: Pod, b: Pod): number {
  const steps = [
    (pod: Pod) => (pod.spec.nodeName === undefined ? 0 : 1),
    (pod: Pod) => (pod.status.phase === "Pending" ? 0 : pod.status.phase === "Unknown" ? 1 : 2),
    (pod: Pod) => (isReady(pod) ? 1 : 0),
    (pod: Pod) => -(readySince(pod) ?? 0),
    (pod: Pod) => -restarts(pod),
    (pod: Pod) => -Date.parse(pod.metadata.creationTimestamp),
  ];
  for (const step of steps) {
    const difference = step(a) - step(b);
    if (difference !== 0) return difference;
  }
  return a.metadata.name < b.metadata.name ? -1 : 1;
}

export function restarts(pod: Pod): number {
  return pod.status.containerStatuses.reduce((most, status) => Math.max(most, status.restartCount), 0);
}

const hashes = new WeakMap<PodTemplate, string>();
const ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

/** Stands for controller.ComputeHash: 32-bit FNV-1a of the template, in the same alphabet (rand.SafeEncodeString). */
export function templateHash(template: PodTemplate): string {
  const known = hashes.get(template);
  if (known !== undefined) return known;
  const digits = String(fnv1a(canonicalJson(template)));
  const hash = [...digits].map((digit) => ALPHABET[digit.charCodeAt(0) % ALPHABET.length]).join("");
  hashes.set(template, hash);
  return hash;
}
