/**
 * The observed cluster, indexed by buckets.
 *
 * A bucket is the answer to one question of `View`. Each object belongs to a few; a change of an object touches the buckets that it was in and
 * the ones that it is in now. While `track` runs, every question asked is noted: that is the whole dependency bookkeeping of the engine.
 */

import type { KnownGood } from "../model/known-good.ts";
import type { ClusterObject, Event, ObjectOf, Pod } from "../model/kube.ts";
import { controllerOf } from "../model/kube.ts";
import { KINDS, type Kind, type Ref, refKey } from "../model/ref.ts";
import type { View } from "../model/view.ts";
import type { Observation, ViewHealth } from "../ports/cluster.ts";

export interface ObservedView extends View {
  /** Takes observations in order; returns the buckets whose answers may have changed and the objects that came, changed or went. */
  apply(observations: readonly Observation[]): Touched;
  setKnownGood(ref: Ref, known: readonly KnownGood[]): Touched;
  /** Runs and notes every bucket that was asked for. Does not nest. */
  track<T>(run: () => T): { readonly result: T; readonly buckets: ReadonlySet<string> };
  /** The buckets that the running `track` has noted up to now; empty outside of one. */
  readsSoFar(): ReadonlySet<string>;
  /** Everything that the buckets hold, as observations that rebuild a view which answers the same questions alike. */
  slice(buckets: Iterable<string>): ViewSlice;
  /** How many objects are held. */
  readonly size: number;
}

export interface Touched {
  readonly buckets: ReadonlySet<string>;
  readonly objects: readonly ClusterObject[];
}

/** Enough of a view to answer again the questions that were tracked. */
export interface ViewSlice {
  readonly objects: readonly ClusterObject[];
  readonly health: readonly (readonly [Kind, ViewHealth])[];
  readonly known: readonly KnownGood[];
}

interface Bucket {
  readonly members: Map<string, ClusterObject>;
  /** Sorted by key, made when asked for; answers must not depend on the order of arrival. */
  sorted: readonly ClusterObject[] | undefined;
}

const NOTHING: readonly never[] = [];

/** How many deletions are remembered. A read that was under way while an object went is answered within seconds; this is far more than go by then. */
const MAX_BURIED = 10_000;

export function createView(): ObservedView {
  return new IndexedView();
}

/** A view that holds just a slice: for replay and for tests. */
export function viewOf(slice: ViewSlice): ObservedView {
  const view = new IndexedView();
  view.apply(slice.objects.map((object) => ({ type: "object", object })));
  view.apply(slice.health.map(([kind, health]) => ({ type: "health", kind, health, reason: "" })));
  const byRef = Map.groupBy(slice.known, (known) => refKey(known.ref));
  for (const known of byRef.values()) if (known[0] !== undefined) view.setKnownGood(known[0].ref, known);
  return view;
}

class IndexedView implements ObservedView {
  #buckets = new Map<string, Bucket>();
  #objects = new Map<string, ClusterObject>();
  #known = new Map<string, readonly KnownGood[]>();
  #health = new Map<Kind, ViewHealth>(KINDS.map((kind) => [kind, "unsynced"]));
  /** Uids of what is gone, the longest gone first: a uid never comes back. */
  #buried = new Set<string>();
  #reads: Set<string> | undefined;

  get size(): number {
    return this.#objects.size;
  }

  get<K extends Kind>(kind: K, namespace: string, name: string): ObjectOf<K> | undefined {
    const key = `${kind}/${namespace}/${name}`;
    this.#reads?.add(`o:${key}`);
    return this.#objects.get(key) as ObjectOf<K> | undefined;
  }

  find(ref: Ref): ClusterObject | undefined {
    const object = this.get(ref.kind, ref.namespace, ref.name);
    return ref.uid === undefined || object?.metadata.uid === ref.uid ? object : undefined;
  }

  all<K extends Kind>(kind: K): readonly ObjectOf<K>[] {
    return this.#ask(`k:${kind}`) as readonly ObjectOf<K>[];
  }

  inNamespace<K extends Kind>(kind: K, namespace: string): readonly ObjectOf<K>[] {
    return this.#ask(`n:${kind}/${namespace}`) as readonly ObjectOf<K>[];
  }

  ownedBy<K extends Kind>(kind: K, ownerUid: string): readonly ObjectOf<K>[] {
    return this.#ask(`c:${kind}/${ownerUid}`) as readonly ObjectOf<K>[];
  }

  podsOnNode(node: string): readonly Pod[] {
    return this.#ask(`pn:${node}`) as readonly Pod[];
  }

  podsSelected(namespace: string, labels: Readonly<Record<string, string>>): readonly Pod[] {
    const pairs = Object.entries(labels);
    // Any one pair's bucket holds every match, so the smallest is enough to ask and to depend on.
    const smallest = pairs
      .map(([key, value]) => `pl:${namespace}/${key}=${value}`)
      .toSorted((a, b) => this.#sizeOf(a) - this.#sizeOf(b))
      .at(0);
    if (smallest === undefined) return NOTHING;
    const pods = this.#ask(smallest) as readonly Pod[];
    return pods.filter((pod) => pairs.every(([key, value]) => pod.metadata.labels[key] === value));
  }

  eventsOf(uid: string): readonly Event[] {
    const events = this.#ask(`e:${uid}`) as readonly Event[];
    return events.toSorted((a, b) => Date.parse(a.lastTimestamp) - Date.parse(b.lastTimestamp));
  }

  knownGood(ref: Ref): readonly KnownGood[] {
    const key = refKey(ref);
    this.#reads?.add(`g:${key}`);
    return this.#known.get(key) ?? NOTHING;
  }

  health(kind: Kind): ViewHealth {
    this.#reads?.add(`h:${kind}`);
    return this.#health.get(kind) ?? "unsynced";
  }

  apply(observations: readonly Observation[]): Touched {
    const touched = { buckets: new Set<string>(), objects: [] as ClusterObject[] };
    for (const seen of observations) this.#take(seen, touched);
    return touched;
  }

  setKnownGood(ref: Ref, known: readonly KnownGood[]): Touched {
    const key = refKey(ref);
    if (known.length === 0) this.#known.delete(key);
    else this.#known.set(key, known);
    return { buckets: new Set([`g:${key}`]), objects: [] };
  }

  track<T>(run: () => T): { readonly result: T; readonly buckets: ReadonlySet<string> } {
    const buckets = new Set<string>();
    this.#reads = buckets;
    try {
      return { result: run(), buckets };
    } finally {
      this.#reads = undefined;
    }
  }

  readsSoFar(): ReadonlySet<string> {
    return new Set(this.#reads);
  }

  slice(buckets: Iterable<string>): ViewSlice {
    const objects = new Map<string, ClusterObject>();
    const health: [Kind, ViewHealth][] = [];
    const known: KnownGood[] = [];
    for (const bucket of buckets) {
      const name = bucket.slice(2);
      if (bucket.startsWith("h:")) health.push([name as Kind, this.#health.get(name as Kind) ?? "unsynced"]);
      else if (bucket.startsWith("g:")) known.push(...(this.#known.get(name) ?? NOTHING));
      else if (bucket.startsWith("o:")) {
        const object = this.#objects.get(name);
        if (object !== undefined) objects.set(name, object);
      } else for (const [key, object] of this.#buckets.get(bucket)?.members ?? NOTHING) objects.set(key, object);
    }
    return { objects: [...objects.entries()].sort(byKey).map(([, object]) => object), health: health.sort(byKey), known };
  }

  #take(seen: Observation, touched: { buckets: Set<string>; objects: ClusterObject[] }): void {
    switch (seen.type) {
      case "object":
        if (!this.#isPast(seen.object)) this.#put(seen.object, touched);
        return;
      case "gone":
        this.#bury(seen.ref);
        this.#remove(refKey(seen.ref), seen.ref.uid, touched);
        return;
      case "listed": {
        const present = new Set(seen.objects.map((object) => keyOf(object)));
        for (const key of [...(this.#buckets.get(`k:${seen.kind}`)?.members.keys() ?? NOTHING)]) {
          if (!present.has(key)) this.#remove(key, undefined, touched);
        }
        for (const object of seen.objects) {
          this.#buried.delete(object.metadata.uid);
          this.#put(object, touched);
        }
        return;
      }
      case "health":
        if (this.#health.get(seen.kind) === seen.health) return;
        this.#health.set(seen.kind, seen.health);
        touched.buckets.add(`h:${seen.kind}`);
        return;
      case "version":
        return;
    }
  }

  #put(object: ClusterObject, touched: { buckets: Set<string>; objects: ClusterObject[] }): void {
    const key = keyOf(object);
    const before = this.#objects.get(key);
    if (before !== undefined && before.metadata.uid === object.metadata.uid && before.metadata.resourceVersion === object.metadata.resourceVersion) return;
    const now = bucketsOf(object);
    if (before !== undefined) {
      const kept = new Set(now);
      for (const bucket of bucketsOf(before)) {
        touched.buckets.add(bucket);
        if (!kept.has(bucket)) this.#leave(bucket, key);
      }
    }
    this.#objects.set(key, object);
    touched.buckets.add(`o:${key}`);
    for (const name of now) {
      touched.buckets.add(name);
      const bucket = this.#buckets.get(name) ?? { members: new Map(), sorted: undefined };
      bucket.members.set(key, object);
      bucket.sorted = undefined;
      this.#buckets.set(name, bucket);
    }
    touched.objects.push(object);
  }

  /**
   * A watch that lags behind a fresh read must not take the view back in time, nor a read that is answered late bring back what the watch has seen
   * go. A list is believed as it is: what it holds wrongly the watch that follows it takes away again.
   */
  #isPast(object: ClusterObject): boolean {
    if (this.#buried.has(object.metadata.uid)) return true;
    const known = this.#objects.get(keyOf(object));
    return (
      known !== undefined && known.metadata.uid === object.metadata.uid && Number(object.metadata.resourceVersion) < Number(known.metadata.resourceVersion)
    );
  }

  /** Events go by the thousand, and nobody reads a single one. */
  #bury(ref: Ref): void {
    const uid = ref.uid ?? this.#objects.get(refKey(ref))?.metadata.uid;
    if (uid === undefined || ref.kind === "Event") return;
    this.#buried.delete(uid);
    this.#buried.add(uid);
    const [oldest] = this.#buried;
    if (this.#buried.size > MAX_BURIED && oldest !== undefined) this.#buried.delete(oldest);
  }

  #remove(key: string, uid: string | undefined, touched: { buckets: Set<string>; objects: ClusterObject[] }): void {
    const before = this.#objects.get(key);
    if (before === undefined || (uid !== undefined && before.metadata.uid !== uid)) return;
    this.#objects.delete(key);
    touched.buckets.add(`o:${key}`);
    for (const bucket of bucketsOf(before)) {
      touched.buckets.add(bucket);
      this.#leave(bucket, key);
    }
    touched.objects.push(before);
  }

  #leave(name: string, key: string): void {
    const bucket = this.#buckets.get(name);
    if (bucket === undefined) return;
    bucket.members.delete(key);
    bucket.sorted = undefined;
    if (bucket.members.size === 0) this.#buckets.delete(name);
  }

  #sizeOf(name: string): number {
    return this.#buckets.get(name)?.members.size ?? 0;
  }

  #ask(name: string): readonly ClusterObject[] {
    this.#reads?.add(name);
    const bucket = this.#buckets.get(name);
    if (bucket === undefined) return NOTHING;
    bucket.sorted ??= [...bucket.members.entries()].sort(byKey).map(([, object]) => object);
    return bucket.sorted;
  }
}

function byKey(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
}

function keyOf(object: ClusterObject): string {
  return `${object.kind}/${object.metadata.namespace}/${object.metadata.name}`;
}

/** Every bucket that the object is in, its own key apart. */
function bucketsOf(object: ClusterObject): readonly string[] {
  const { namespace } = object.metadata;
  if (object.kind === "Event") return [`k:Event`, `n:Event/${namespace}`, `e:${object.involved.uid}`];
  const buckets = [`k:${object.kind}`, `n:${object.kind}/${namespace}`];
  const owner = controllerOf(object);
  if (owner !== undefined) buckets.push(`c:${object.kind}/${owner.uid}`);
  if (object.kind === "Pod") {
    if (object.spec.nodeName !== undefined) buckets.push(`pn:${object.spec.nodeName}`);
    for (const [key, value] of Object.entries(object.metadata.labels)) buckets.push(`pl:${namespace}/${key}=${value}`);
  }
  return buckets;
}
