/**
 * Keeps the last specs that were seen healthy. Many real changes replace the object and leave nothing to roll back to; this survives delete and
 * re-create. Bounded: `MAX_SPECS` per object, `MAX_OBJECTS` objects, the longest unseen go first.
 */

import { canonicalJson } from "../model/canonical-json.ts";
import type { KnownGood } from "../model/known-good.ts";
import type { ClusterObject, DaemonSet, Deployment, Service, StatefulSet } from "../model/kube.ts";
import { type Ref, refKey } from "../model/ref.ts";
import { emitRecord, type State, type Turn } from "./state.ts";

export const MAX_SPECS = 5;
export const MAX_OBJECTS = 20_000;

/** Looks at one subject: notes since when its present spec is healthy, and remembers it after `windows.stable`. */
export function watchKnownGood(turn: Turn, subject: Ref, now: number): { readonly recheckAt?: number } {
  const { state } = turn;
  const key = refKey(subject);
  const object = state.view.find(subject);
  const spec = object === undefined ? undefined : healthySpec(object, state);
  if (spec === undefined) {
    state.healthySpecs.delete(key);
    return {};
  }
  const text = canonicalJson(spec);
  const before = state.healthySpecs.get(key);
  const since = before?.spec === text ? before.since : now;
  if (before?.spec !== text) state.healthySpecs.set(key, { spec: text, since });
  const due = since + state.policy.spec.windows.stable;
  if (now < due) return { recheckAt: due };
  remember(turn, subject, spec, text, now);
  return {};
}

function remember(turn: Turn, subject: Ref, spec: KnownGood["spec"], text: string, now: number): void {
  const { state } = turn;
  const key = refKey(subject);
  const kept = state.known.get(key) ?? [];
  if (kept[0] !== undefined && canonicalJson(kept[0].spec) === text) return;
  const again = kept.find((known) => canonicalJson(known.spec) === text);
  const ref = { kind: subject.kind, namespace: subject.namespace, name: subject.name };
  const known: KnownGood = { ref, firstSeen: again?.firstSeen ?? now, lastSeen: now, spec };
  addKnown(state, known);
  emitRecord(turn, { type: "known-good", known });
}

/** Puts it first, drops an older equal one and what goes beyond the bounds. */
export function addKnown(state: State, known: KnownGood): void {
  const key = refKey(known.ref);
  const text = canonicalJson(known.spec);
  const others = (state.known.get(key) ?? []).filter((old) => canonicalJson(old.spec) !== text);
  const next = [known, ...others].slice(0, MAX_SPECS);
  // Deleting first moves the key to the end: the map's first key is then the one longest untouched.
  state.known.delete(key);
  state.known.set(key, next);
  state.detection.touch(state.view.setKnownGood(known.ref, next));
  const [oldest, specs] = state.known.entries().next().value ?? [];
  if (state.known.size > MAX_OBJECTS && oldest !== undefined) {
    state.known.delete(oldest);
    if (specs?.[0] !== undefined) state.detection.touch(state.view.setKnownGood(specs[0].ref, []));
  }
}

/** The part worth restoring of an object that is healthy in full, else undefined. */
function healthySpec(object: ClusterObject, state: State): KnownGood["spec"] | undefined {
  switch (object.kind) {
    case "Deployment":
      return deploymentIsWell(object) ? { replicas: object.spec.replicas, template: object.spec.template } : undefined;
    case "StatefulSet":
      return statefulSetIsWell(object) ? { replicas: object.spec.replicas, template: object.spec.template } : undefined;
    case "DaemonSet":
      return daemonSetIsWell(object) ? { template: object.spec.template } : undefined;
    case "Service":
      return serviceIsWell(object, state) ? { selector: object.spec.selector, ports: object.spec.ports } : undefined;
    default:
      return undefined;
  }
}

function deploymentIsWell({ metadata, spec, status }: Deployment): boolean {
  const { replicas } = spec;
  return (
    replicas > 0 &&
    status.observedGeneration >= (metadata.generation ?? 0) &&
    status.replicas === replicas &&
    status.updatedReplicas === replicas &&
    status.readyReplicas === replicas &&
    status.availableReplicas === replicas
  );
}

function statefulSetIsWell({ metadata, spec, status }: StatefulSet): boolean {
  const { replicas } = spec;
  return (
    replicas > 0 &&
    status.observedGeneration >= (metadata.generation ?? 0) &&
    status.readyReplicas === replicas &&
    status.currentRevision === status.updateRevision
  );
}

function daemonSetIsWell({ metadata, status }: DaemonSet): boolean {
  const wanted = status.desiredNumberScheduled;
  return wanted > 0 && status.observedGeneration >= (metadata.generation ?? 0) && status.numberReady === wanted && status.updatedNumberScheduled === wanted;
}

function serviceIsWell({ metadata, spec }: Service, state: State): boolean {
  const pods = state.view.podsSelected(metadata.namespace, spec.selector);
  return pods.some((pod) => pod.status.conditions.some((condition) => condition.type === "Ready" && condition.status === "True"));
}
