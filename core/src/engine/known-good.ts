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
/** How old the last sight of a spec may be in the ledger while it goes on being healthy: what happens while no engine runs is dated by it. */
const REFRESH_MS = 24 * 3_600_000;

/** Looks at one subject: notes since when its present spec is healthy, and remembers it after `windows.stable`. */
export function watchKnownGood(turn: Turn, subject: Ref, now: number): { readonly recheckAt?: number } {
  const { state } = turn;
  const key = refKey(subject);
  const object = state.view.find(subject);
  const spec = object === undefined ? undefined : healthySpec(object, state);
  const before = state.healthySpecs.get(key);
  const text = spec === undefined ? "" : canonicalJson(spec);
  if (before !== undefined && before.spec !== text) sawLast(turn, subject, before, now);
  if (spec === undefined) {
    state.healthySpecs.delete(key);
    return {};
  }
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
  const [newest] = kept;
  if (newest !== undefined && canonicalJson(newest.spec) === text && now - newest.lastSeen < REFRESH_MS) return;
  const again = kept.find((known) => withoutReplicas(known.spec) === withoutReplicas(spec));
  const ref = { kind: subject.kind, namespace: subject.namespace, name: subject.name };
  const known: KnownGood = { ref, firstSeen: again?.firstSeen ?? now, lastSeen: now, spec };
  addKnown(state, known);
  emitRecord(turn, { type: "known-good", known });
}

/** It is not healthy any more, or another spec is: until now it was. */
function sawLast(turn: Turn, subject: Ref, before: { readonly spec: string; readonly since: number }, now: number): void {
  const { state } = turn;
  const newest = state.known.get(refKey(subject))?.[0];
  const isRemembered = newest !== undefined && canonicalJson(newest.spec) === before.spec && now - before.since >= state.policy.spec.windows.stable;
  if (!isRemembered || newest.lastSeen >= now) return;
  const known: KnownGood = { ...newest, lastSeen: now };
  addKnown(state, known);
  emitRecord(turn, { type: "known-good", known });
}

/** How many replicas there are is no other spec: an autoscaler would fill every place with one template. */
function withoutReplicas({ replicas: _, ...spec }: KnownGood["spec"]): string {
  return canonicalJson(spec);
}

/** Puts it first, drops an older one that differs by its replicas at most, and what goes beyond the bounds. */
export function addKnown(state: State, known: KnownGood): void {
  const key = refKey(known.ref);
  const text = withoutReplicas(known.spec);
  const others = (state.known.get(key) ?? []).filter((old) => withoutReplicas(old.spec) !== text);
  const next = [known, ...others].slice(0, MAX_SPECS);
  // Deleting first moves the key to the end: the map's first key is then the one longest unseen, to a day.
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
