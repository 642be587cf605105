/** Pods that a controller wanted to create and the API server refused. */

import { isOver } from "./job-state.ts";
import { type ClusterObject, type Condition, conditionOf, refOf } from "./kube.ts";
import { podsOfRoot } from "./owner-chain.ts";
import { isActive } from "./pod-state.ts";
import { timeOf } from "./time.ts";
import type { View } from "./view.ts";
import { wantedReplicas } from "./workload.ts";

export interface Refusal {
  /** The API server's words. */
  readonly message: string;
  readonly since: number;
  /** How many pods are missing, at least one. */
  readonly missing: number;
  /** The ResourceQuota that the message names. */
  readonly quota?: string;
  /** What was asked for, what is used and what is allowed, by resource. */
  readonly asked: readonly QuotaLine[];
}

/** One resource of an exceeded quota, in the quota's own words. */
export interface QuotaLine {
  readonly resource: string;
  readonly requested: string;
  readonly used: string;
  readonly limited: string;
}

/**
 * Deployments and ReplicaSets say it in the condition ReplicaFailure; the others only by a FailedCreate event that no SuccessfulCreate has
 * followed, while pods are still missing. Undefined when nothing is missing.
 */
export function failedCreate(view: View, owner: ClusterObject): Refusal | undefined {
  const said = owner.kind === "Deployment" || owner.kind === "ReplicaSet" ? fromCondition(owner.status.conditions) : fromEvents(view, owner);
  if (said === undefined) return undefined;
  const missing = missingPods(view, owner);
  return missing < 1 ? undefined : { ...said, missing, ...readQuota(said.message) };
}

function fromCondition(conditions: readonly Condition[]) {
  const failure = conditionOf(conditions, "ReplicaFailure");
  if (failure?.status !== "True" || failure.reason !== "FailedCreate") return undefined;
  return { message: failure.message, since: timeOf(failure.lastTransitionTime) ?? 0 };
}

function fromEvents(view: View, owner: ClusterObject) {
  const last = view.eventsOf(owner.metadata.uid).findLast((event) => event.reason === "FailedCreate" || event.reason === "SuccessfulCreate");
  return last?.reason === "FailedCreate" ? { message: last.message, since: timeOf(last.firstTimestamp) ?? timeOf(last.lastTimestamp) ?? 0 } : undefined;
}

function missingPods(view: View, owner: ClusterObject): number {
  if (owner.kind === "Deployment") return owner.spec.replicas - Math.min(owner.status.availableReplicas, owner.status.updatedReplicas);
  const active = podsOfRoot(view, refOf(owner)).filter(isActive).length;
  if (owner.kind === "Job")
    return isOver(owner) || owner.spec.suspend ? 0 : Math.min(owner.spec.parallelism, owner.spec.completions - owner.status.succeeded) - active;
  return (wantedReplicas(owner) ?? 0) - active;
}

/** `exceeded quota: NAME, requested: a=1,b=2, used: a=3,b=4, limited: a=3,b=5` (k8s.io/apiserver resourcequota controller.go). */
const QUOTA = /exceeded quota: ([^\s,]{1,253}), requested: (\S+), used: (\S+), limited: (\S+)/;

export function readQuota(message: string): { readonly quota?: string; readonly asked: readonly QuotaLine[] } {
  const match = QUOTA.exec(message);
  if (match === null) return { asked: [] };
  const [requested, used, limited] = [match[2], match[3], match[4]].map((text) => pairs(text ?? ""));
  const asked = Object.entries(requested ?? {}).map(([resource, amount]) => ({
    resource,
    requested: amount,
    used: used?.[resource] ?? "",
    limited: limited?.[resource] ?? "",
  }));
  return { quota: match[1] ?? "", asked };
}

function pairs(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    text
      .replace(/,$/, "")
      .split(",")
      .map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
  );
}
