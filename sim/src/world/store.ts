/**
 * What the API server keeps: immutable objects, replaced on write, each write with a new resourceVersion.
 * Listeners run synchronously in order of subscription; they only take note (fill queues), they never write.
 */
import { type ClusterObject, controllerOf, KINDS, type Kind, type ObjectOf, type Pod, type Ref } from "@kintsugi/core";

/** `before` absent: created. `after` absent: removed. */
export interface Change {
  readonly before: ClusterObject | undefined;
  readonly after: ClusterObject | undefined;
}

type Listener = (change: Change) => void;
type Bucket = Map<string, ClusterObject>;

const NOTHING: ReadonlyMap<string, ClusterObject> = new Map();

export class Store {
  readonly #kinds = new Map<Kind, Bucket>();
  readonly #owned = new Map<string, Bucket>();
  readonly #podsOnNode = new Map<string, Bucket>();
  readonly #podsIn = new Map<string, Bucket>();
  readonly #listeners: Partial<Record<Kind, Listener[]>> = {};
  readonly #wide: Listener[] = [];
  #version = 1000;

  constructor() {
    for (const kind of KINDS) this.#kinds.set(kind, new Map());
  }

  /** Called on every change of the kinds, in the order in which listeners subscribed. */
  onChange(kinds: readonly Kind[], listener: Listener): void {
    for (const kind of kinds) {
      const known = this.#listeners[kind];
      if (known === undefined) this.#listeners[kind] = [listener];
      else known.push(listener);
    }
  }

  /** Called on every change of any kind, after the kind's own listeners. Returns a function that unsubscribes. */
  onAnyChange(listener: Listener): () => void {
    this.#wide.push(listener);
    return () => {
      const index = this.#wide.indexOf(listener);
      if (index >= 0) this.#wide.splice(index, 1);
    };
  }

  get<K extends Kind>(kind: K, namespace: string, name: string): ObjectOf<K> | undefined {
    return this.#kinds.get(kind)?.get(`${namespace}/${name}`) as ObjectOf<K> | undefined;
  }

  /** The object of a Ref; undefined also when the ref has a uid and another incarnation carries the name. */
  find(ref: Ref): ClusterObject | undefined {
    const object = this.#kinds.get(ref.kind)?.get(`${ref.namespace}/${ref.name}`);
    return ref.uid !== undefined && object?.metadata.uid !== ref.uid ? undefined : object;
  }

  /** All objects of a kind, oldest first. Safe to write while iterating over the returned copy. */
  list<K extends Kind>(kind: K): ObjectOf<K>[] {
    return [...((this.#kinds.get(kind) ?? NOTHING).values() as Iterable<ObjectOf<K>>)];
  }

  inNamespace<K extends Kind>(kind: K, namespace: string): ObjectOf<K>[] {
    if (kind === "Pod") return [...((this.#podsIn.get(namespace) ?? NOTHING).values() as Iterable<ObjectOf<K>>)];
    return this.list(kind).filter((object) => object.metadata.namespace === namespace);
  }

  /** Objects whose controller is the owner with this uid, oldest first. */
  ownedBy<K extends Kind>(kind: K, ownerUid: string): ObjectOf<K>[] {
    const out: ObjectOf<K>[] = [];
    for (const object of this.#owned.get(ownerUid)?.values() ?? []) if (object.kind === kind) out.push(object as ObjectOf<K>);
    return out;
  }

  dependents(ownerUid: string): ClusterObject[] {
    return [...(this.#owned.get(ownerUid) ?? NOTHING).values()];
  }

  podsOn(node: string): Pod[] {
    return [...((this.#podsOnNode.get(node) ?? NOTHING).values() as Iterable<Pod>)];
  }

  count(kind: Kind): number {
    return this.#kinds.get(kind)?.size ?? 0;
  }

  /** Inserts or replaces; the stored object carries the next resourceVersion. */
  put<T extends ClusterObject>(object: T): T {
    this.#version += 1;
    const after = { ...object, metadata: { ...object.metadata, resourceVersion: String(this.#version) } } as T;
    const bucket = this.#bucket(after.kind);
    const key = `${after.metadata.namespace}/${after.metadata.name}`;
    const before = bucket.get(key);
    bucket.set(key, after);
    this.#index(before, after);
    this.#tell({ before, after });
    return after;
  }

  remove(object: ClusterObject): void {
    const bucket = this.#bucket(object.kind);
    const key = `${object.metadata.namespace}/${object.metadata.name}`;
    const before = bucket.get(key);
    if (before === undefined) return;
    bucket.delete(key);
    this.#index(before, undefined);
    this.#tell({ before, after: undefined });
  }

  #bucket(kind: Kind): Bucket {
    const bucket = this.#kinds.get(kind);
    if (bucket === undefined) throw new Error(`unknown kind ${kind}`);
    return bucket;
  }

  #tell(change: Change): void {
    const kind = (change.after ?? change.before)?.kind;
    if (kind !== undefined) for (const listener of this.#listeners[kind] ?? []) listener(change);
    for (const listener of this.#wide) listener(change);
  }

  #index(before: ClusterObject | undefined, after: ClusterObject | undefined): void {
    const id = identity((after ?? before) as ClusterObject);
    move(this.#owned, id, before && controllerOf(before)?.uid, after && controllerOf(after)?.uid, after);
    if (before?.kind !== "Pod" && after?.kind !== "Pod") return;
    const [old, now] = [before as Pod | undefined, after as Pod | undefined];
    move(this.#podsOnNode, id, old?.spec.nodeName, now?.spec.nodeName, now);
    move(this.#podsIn, id, old?.metadata.namespace, now?.metadata.namespace, now);
  }
}

function identity(object: ClusterObject): string {
  return `${object.kind}/${object.metadata.namespace}/${object.metadata.name}`;
}

function move(index: Map<string, Bucket>, id: string, from: string | undefined, to: string | undefined, object: ClusterObject | undefined): void {
  if (from !== undefined && from !== to) {
    const bucket = index.get(from);
    bucket?.delete(id);
    if (bucket?.size === 0) index.delete(from);
  }
  if (to === undefined || object === undefined) return;
  const bucket = index.get(to);
  if (bucket === undefined) index.set(to, new Map([[id, object]]));
  else bucket.set(id, object);
}
