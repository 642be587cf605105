/** Which ReplicaSet stands for which template of a Deployment (deployment/sync.go, util/deployment_util.go). */
import type { Deployment, ReplicaSet } from "@kintsugi/core";
import { controllerActor } from "../api/actor.ts";
import type { World } from "../world/world.ts";
import { setCondition } from "./conditions.ts";
import { ownerReference, templateHash } from "./pods.ts";

export const ACTOR = controllerActor("deployment-controller");
export const SOURCE = "deployment-controller";
export const REVISION = "deployment.kubernetes.io/revision";
export const DESIRED = "deployment.kubernetes.io/desired-replicas";
const MAX = "deployment.kubernetes.io/max-replicas";
const HISTORY = "deployment.kubernetes.io/revision-history";
const HASH = "pod-template-hash";
/** spec.revisionHistoryLimit's default. */
const HISTORY_LIMIT = 10;

export interface Sets {
  readonly current: ReplicaSet | undefined;
  readonly old: readonly ReplicaSet[];
}

export function revisionOf(object: Deployment | ReplicaSet): number {
  return Number(object.metadata.annotations[REVISION] ?? 0);
}

/** Rounded up: the default maxSurge of 25 %. */
export function maxSurge(deployment: Deployment): number {
  return deployment.spec.strategy === "Recreate" ? 0 : Math.ceil(deployment.spec.replicas * 0.25);
}

/** Rounded down: the default maxUnavailable of 25 %. */
export function maxUnavailable(deployment: Deployment): number {
  return deployment.spec.strategy === "Recreate" ? deployment.spec.replicas : Math.floor(deployment.spec.replicas * 0.25);
}

export function setsOf(world: World, deployment: Deployment): Sets {
  const all = world.store.ownedBy("ReplicaSet", deployment.metadata.uid).filter((set) => set.metadata.deletionTimestamp === undefined);
  const hash = templateHash(deployment.spec.template);
  const current = all.find((set) => set.metadata.labels[HASH] === hash);
  return { current, old: all.filter((set) => set !== current) };
}

/** The ReplicaSet of the present template: found again with a new revision number after a roll back, else created. */
export function ensureCurrent(world: World, deployment: Deployment): { readonly deployment: Deployment; readonly sets: Sets } {
  const { current, old } = setsOf(world, deployment);
  const revision = old.reduce((most, set) => Math.max(most, revisionOf(set)), 0) + 1;
  if (current !== undefined) {
    const updated = revise(world, deployment, current, revision);
    return {
      deployment: noteRevision(world, deployment, revisionOf(updated), `Found new replica set "${current.metadata.name}"`, "FoundNewReplicaSet"),
      sets: { current: updated, old },
    };
  }
  const created = create(world, deployment, revision);
  const message = `Created new replica set "${created.metadata.name}"`;
  return { deployment: noteRevision(world, deployment, revision, message, "NewReplicaSetCreated"), sets: { current: created, old } };
}

function create(world: World, deployment: Deployment, revision: number): ReplicaSet {
  const { template, selector } = deployment.spec;
  const hash = templateHash(template);
  const labels = { ...template.metadata.labels, [HASH]: hash };
  return world.api.create(ACTOR, {
    kind: "ReplicaSet",
    metadata: {
      name: `${deployment.metadata.name}-${hash}`,
      namespace: deployment.metadata.namespace,
      labels,
      annotations: { ...copied(deployment), [REVISION]: String(revision), ...sizes(deployment) },
      ownerReferences: [ownerReference(deployment)],
    },
    spec: {
      replicas: 0,
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [HASH]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  });
}

export function sizes(deployment: Deployment): Readonly<Record<string, string>> {
  return { [DESIRED]: String(deployment.spec.replicas), [MAX]: String(deployment.spec.replicas + maxSurge(deployment)) };
}

const OWN: readonly string[] = ["kubectl.kubernetes.io/last-applied-configuration", REVISION, HISTORY, DESIRED, MAX];

/** Annotations that a Deployment hands down to its ReplicaSets. */
function copied(deployment: Deployment): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(deployment.metadata.annotations).filter(([key]) => !OWN.includes(key)));
}

function revise(world: World, deployment: Deployment, set: ReplicaSet, revision: number): ReplicaSet {
  const had = revisionOf(set);
  const history = [set.metadata.annotations[HISTORY] ?? "", had > 0 ? String(had) : ""].filter((part) => part !== "").join(",");
  const wanted = { ...copied(deployment), ...(revision > had ? { [REVISION]: String(revision), [HISTORY]: history } : {}) };
  const isSame = Object.entries(wanted).every(([key, value]) => set.metadata.annotations[key] === value);
  if (isSame) return set;
  return world.api.update(ACTOR, { ...set, metadata: { ...set.metadata, annotations: { ...set.metadata.annotations, ...wanted } } });
}

function noteRevision(world: World, deployment: Deployment, revision: number, message: string, reason: string): Deployment {
  let noted = deployment;
  if (revisionOf(deployment) !== revision) {
    const annotations = { ...deployment.metadata.annotations, [REVISION]: String(revision) };
    noted = world.api.update(ACTOR, { ...deployment, metadata: { ...deployment.metadata, annotations } });
  }
  const isFirst = !noted.status.conditions.some((condition) => condition.type === "Progressing");
  if (!isFirst && reason === "FoundNewReplicaSet") return noted;
  const conditions = setCondition(noted.status.conditions, { type: "Progressing", status: "True", reason, message }, world.timeline.now());
  return conditions === noted.status.conditions
    ? noted
    : world.api.update(ACTOR, { ...noted, status: { ...noted.status, conditions } }, { subresource: "status" });
}

/** Deletes the oldest empty ReplicaSets beyond the history limit. */
export function pruneHistory(world: World, old: readonly ReplicaSet[]): void {
  const empty = old.filter((set) => set.spec.replicas === 0 && set.status.replicas === 0 && set.status.observedGeneration >= (set.metadata.generation ?? 0));
  const surplus = [...empty].sort((a, b) => revisionOf(a) - revisionOf(b)).slice(0, Math.max(0, old.length - HISTORY_LIMIT));
  for (const set of surplus) world.api.remove(ACTOR, { kind: "ReplicaSet", namespace: set.metadata.namespace, name: set.metadata.name });
}
