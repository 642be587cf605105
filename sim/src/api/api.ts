/**
 * The API server: every write of anybody goes through here, is validated, admitted, versioned and audited.
 * Throws PortError with the kind that an adapter would map the real answer to.
 */
import { type ClusterObject, type Kind, type ObjectOf, type PatchOp, type Pod, PortError, RESOURCES, type Ref, refOf } from "@kintsugi/core";
import type { Random } from "../random.ts";
import type { Timeline } from "../timeline.ts";
import { sameJson } from "../world/same.ts";
import type { Store } from "../world/store.ts";
import { isoTime } from "../world/time.ts";
import type { Actor, Audit, AuditEntry } from "./actor.ts";
import { admitPod, validate } from "./admission.ts";
import { defaultTemplate, withDefaultTolerations } from "./defaulting.ts";
import { build, type Draft, hasGeneration, metaOf } from "./draft.ts";
import { alreadyExists, changed, failureOf, gone, otherUid } from "./errors.ts";
import { trackManagers } from "./field-managers.ts";
import type { Hidden } from "./hidden.ts";
import { applyPatch } from "./json-patch.ts";
import { fromWire, toWire } from "./wire.ts";

export interface ApiParts {
  readonly timeline: Timeline;
  readonly random: Random;
  readonly store: Store;
  readonly audit: Audit;
}

export interface WriteOptions {
  readonly dryRun?: boolean;
  /** `status` and `scale` are written apart from the rest, as on a real server. */
  readonly subresource?: "" | "status" | "scale";
}

export interface DeleteOptions {
  readonly dryRun?: boolean;
  readonly uid?: string;
  /** Pods only; the pod's own grace period when absent. */
  readonly graceSeconds?: number;
}

interface Attempt {
  readonly actor: Actor;
  readonly verb: AuditEntry["verb"];
  readonly subresource: string;
  readonly dryRun: boolean;
}

export class Api {
  readonly #parts: ApiParts;
  readonly #hidden = new Map<string, Hidden>();
  readonly #graceMs = new Map<string, number>();

  constructor(parts: ApiParts) {
    this.#parts = parts;
  }

  get store(): Store {
    return this.#parts.store;
  }

  hidden(object: ClusterObject): Hidden {
    return this.#hidden.get(object.metadata.uid) ?? {};
  }

  /** How long a pod that is being deleted may take, ms. */
  graceMsOf(pod: Pod): number {
    return this.#graceMs.get(pod.metadata.uid) ?? (pod.spec.terminationGracePeriodSeconds ?? 30) * 1000;
  }

  create<K extends Kind>(actor: Actor, draft: Draft<K>, options: WriteOptions & { readonly hidden?: Hidden } = {}): ObjectOf<K> {
    const { store, timeline } = this.#parts;
    const filled = fill(draft as Draft);
    const ref: Ref = { kind: filled.kind, namespace: filled.metadata.namespace ?? "", name: filled.metadata.name };
    const attempt: Attempt = { actor, verb: "create", subresource: "", dryRun: options.dryRun ?? false };
    return this.#audited(attempt, ref, undefined, () => {
      if (store.find(ref) !== undefined) throw alreadyExists(ref);
      if (RESOURCES[ref.kind].namespaced && store.get("Namespace", "", ref.namespace) === undefined) {
        throw gone({ kind: "Namespace", namespace: "", name: ref.namespace });
      }
      const bare = build(filled, metaOf(filled.kind, filled.metadata, this.#uid(), isoTime(timeline.now())));
      validate(undefined, bare);
      if (bare.kind === "Pod") admitPod(store, bare);
      const object = withManagers(bare, trackManagers(undefined, bare, actor, timeline.now(), ""));
      if (attempt.dryRun) return object;
      if (options.hidden !== undefined) this.#hidden.set(object.metadata.uid, options.hidden);
      return store.put(object);
    }) as ObjectOf<K>;
  }

  /** Replaces an object by one derived from it. Throws `conflict` when it was changed since it was read. */
  update<T extends ClusterObject>(actor: Actor, next: T, options: WriteOptions = {}): T {
    const ref = refOf(next);
    const subresource = options.subresource ?? "";
    const attempt: Attempt = { actor, verb: "update", subresource, dryRun: options.dryRun ?? false };
    const before = this.#parts.store.find({ kind: ref.kind, namespace: ref.namespace, name: ref.name });
    return this.#audited(attempt, ref, before, () => {
      if (before === undefined || before.metadata.uid !== ref.uid) throw gone(ref);
      if (before.metadata.resourceVersion !== next.metadata.resourceVersion) throw changed(ref);
      return this.#replace(attempt, before, next);
    }) as T;
  }

  /** JSON Patch. `test` operations that fail are a conflict; nothing of the patch is applied then. */
  patch(actor: Actor, ref: Ref, ops: readonly PatchOp[], options: WriteOptions = {}): ClusterObject {
    const attempt: Attempt = { actor, verb: "patch", subresource: options.subresource ?? "", dryRun: options.dryRun ?? false };
    const before = this.#parts.store.find({ kind: ref.kind, namespace: ref.namespace, name: ref.name });
    return this.#audited(attempt, ref, before, () => {
      if (before === undefined) throw gone(ref);
      if (ref.uid !== undefined && before.metadata.uid !== ref.uid) throw otherUid(ref, ref.uid, before.metadata.uid);
      const patched = applyPatch(toWire(before), ops, ref) as Record<string, unknown>;
      const next = fromWire(patched, before);
      return sameJson(before, next) ? before : this.#replace(attempt, before, next);
    });
  }

  /** Graceful for pods that run; immediate for all else without finalizers. Deleting what is being deleted is no error. */
  remove(actor: Actor, ref: Ref, options: DeleteOptions = {}): ClusterObject {
    const attempt: Attempt = { actor, verb: "delete", subresource: "", dryRun: options.dryRun ?? false };
    const before = this.#parts.store.find({ kind: ref.kind, namespace: ref.namespace, name: ref.name });
    return this.#audited(attempt, ref, before, () => {
      if (before === undefined) throw gone(ref);
      if (options.uid !== undefined && before.metadata.uid !== options.uid) throw otherUid(ref, options.uid, before.metadata.uid);
      return attempt.dryRun ? before : this.#delete(before, options.graceSeconds);
    });
  }

  /** Runs an attempt of a compound request (eviction) through the audit. */
  audited(attempt: Attempt, ref: Ref, before: ClusterObject | undefined, run: () => ClusterObject): ClusterObject {
    return this.#audited(attempt, ref, before, run);
  }

  /** Deletes without a record of its own: the second half of an eviction. */
  deleteEvicted(pod: Pod): ClusterObject {
    return this.#delete(pod, undefined);
  }

  /** Takes away an object whose deletion is complete: the kubelet's last word on a pod. */
  finishDelete(object: ClusterObject): void {
    this.#hidden.delete(object.metadata.uid);
    this.#graceMs.delete(object.metadata.uid);
    this.#parts.store.remove(object);
  }

  #delete(before: ClusterObject, graceSeconds: number | undefined): ClusterObject {
    const { store, timeline } = this.#parts;
    const isPod = before.kind === "Pod";
    const seconds = graceSeconds ?? (isPod ? (before.spec.terminationGracePeriodSeconds ?? 30) : 0);
    const waits = isPod && before.spec.nodeName !== undefined && seconds > 0 && before.status.phase !== "Succeeded" && before.status.phase !== "Failed";
    if (!waits && before.metadata.finalizers.length === 0) {
      this.finishDelete(before);
      return before;
    }
    if (before.metadata.deletionTimestamp !== undefined) return before;
    this.#graceMs.set(before.metadata.uid, seconds * 1000);
    const deletionTimestamp = isoTime(timeline.now() + seconds * 1000);
    return store.put({ ...before, metadata: { ...before.metadata, deletionTimestamp } } as ClusterObject);
  }

  #replace(attempt: Attempt, before: ClusterObject, next: ClusterObject): ClusterObject {
    const { store, timeline } = this.#parts;
    const isStatus = attempt.subresource === "status";
    const merged = isStatus ? keepSpec(before, next) : next;
    const filled = isStatus ? merged : fillTemplate(before, merged);
    if (!isStatus) validate(before, filled);
    const metadata = { ...filled.metadata };
    if (!isStatus && hasGeneration(filled.kind) && !sameJson(specOf(before), specOf(filled))) {
      metadata.generation = (before.metadata.generation ?? 0) + 1;
    }
    metadata.managers = trackManagers(before, filled, attempt.actor, timeline.now(), attempt.subresource);
    const object = { ...filled, metadata } as ClusterObject;
    if (attempt.dryRun) return object;
    if (metadata.deletionTimestamp !== undefined && metadata.finalizers.length === 0 && before.metadata.finalizers.length > 0) {
      this.finishDelete(object);
      return object;
    }
    return store.put(object);
  }

  #audited(attempt: Attempt, ref: Ref, before: ClusterObject | undefined, run: () => ClusterObject): ClusterObject {
    const { audit, timeline } = this.#parts;
    const entry = { at: timeline.now(), ...attempt, before };
    try {
      const after = run();
      if (ref.kind !== "Event") audit.add({ ...entry, ref: refOf(after), failure: undefined, after });
      return after;
    } catch (error) {
      if (!(error instanceof PortError)) throw error;
      if (attempt.actor.kind === "person" || attempt.actor.kind === "engine") {
        audit.add({ ...entry, ref: { ...ref, uid: ref.uid ?? "" }, failure: failureOf(error), after: undefined });
      }
      throw error;
    }
  }

  #uid(): string {
    const hex = this.#parts.random.hex(32);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
  }
}

function withManagers(object: ClusterObject, managers: ClusterObject["metadata"]["managers"]): ClusterObject {
  return { ...object, metadata: { ...object.metadata, managers } } as ClusterObject;
}

function specOf(object: ClusterObject): unknown {
  return "spec" in object ? object.spec : undefined;
}

function keepSpec(before: ClusterObject, next: ClusterObject): ClusterObject {
  return "spec" in before ? ({ ...next, spec: before.spec } as ClusterObject) : next;
}

function fill(draft: Draft): Draft {
  if (draft.kind === "Pod") return { ...draft, spec: withDefaultTolerations(draft.spec) };
  if ("spec" in draft && "template" in draft.spec && draft.kind !== "ReplicaSet") {
    return { ...draft, spec: { ...draft.spec, template: defaultTemplate(draft.spec.template) } } as Draft;
  }
  return draft;
}

function fillTemplate(before: ClusterObject, object: ClusterObject): ClusterObject {
  if (object.kind !== "Deployment" && object.kind !== "StatefulSet" && object.kind !== "DaemonSet") return object;
  if ((before as typeof object).spec.template === object.spec.template) return object;
  return { ...object, spec: { ...object.spec, template: defaultTemplate(object.spec.template) } } as ClusterObject;
}
