/** How the world stood at each write of an engine, kept as it happens: what a judge of that write looks at afterwards, instead of the engine's own record. */
import { type ClusterObject, conditionOf, controllerOf, type Node, type Pod, type Ref, refKey } from "@kintsugi/core";
import type { AuditEntry } from "../api/actor.ts";
import type { SimCluster } from "../cluster.ts";
import type { Store } from "../world/store.ts";

export interface Moment {
  readonly write: AuditEntry;
  /** The object as it was before (as it became, when it was created), its controller, that one's controller, up to the root. */
  readonly chain: readonly ClusterObject[];
  readonly namespace: ClusterObject | undefined;
  readonly nodes: readonly Node[];
  /** Pods below the same root, after the write. */
  readonly pods: readonly Pod[];
  /** The ConfigMap `kintsugi-pause` was there. */
  readonly isPaused: boolean;
  /** Nodes that were not ready, by name, and since when, ms. */
  readonly lost: ReadonlyMap<string, number>;
  /** Nodes that have come back: the times that each was away before the write, ms. */
  readonly away: readonly Absence[];
}

export interface Absence {
  readonly node: string;
  readonly from: number;
  readonly to: number;
}

export class Moments {
  readonly #store: Store;
  readonly #kept: Moment[] = [];
  readonly #lost = new Map<string, number>();
  readonly #away: Absence[] = [];

  constructor({ world, timeline }: SimCluster) {
    this.#store = world.store;
    world.audit.onEngineWrite((write) => this.#kept.push(this.#moment(write)));
    world.store.onChange(["Node"], ({ before, after }) => {
      const name = (after ?? before)?.metadata.name ?? "";
      const from = this.#lost.get(name);
      const isReady = after?.kind === "Node" && conditionOf(after.status.conditions, "Ready")?.status === "True";
      if (!isReady && from === undefined) this.#lost.set(name, timeline.now());
      if (!isReady || from === undefined) return;
      this.#lost.delete(name);
      this.#away.push({ node: name, from, to: timeline.now() });
    });
  }

  /** Oldest first, one for each write of an engine that changed something. */
  all(): readonly Moment[] {
    return this.#kept;
  }

  #moment(write: AuditEntry): Moment {
    const store = this.#store;
    const first = write.before ?? write.after;
    const chain = first === undefined ? [] : chainFrom(store, first);
    const root = chain.at(-1);
    return {
      write,
      chain,
      namespace: store.get("Namespace", "", write.ref.namespace),
      nodes: store.list("Node"),
      pods: root === undefined ? [] : podsBelow(store, root),
      isPaused: store.get("ConfigMap", "kintsugi", "kintsugi-pause") !== undefined,
      lost: new Map(this.#lost),
      away: [...this.#away],
    };
  }
}

export function chainFrom(store: Store, object: ClusterObject): readonly ClusterObject[] {
  const owner = controllerOf(object);
  const above = owner === undefined ? undefined : store.find({ kind: owner.kind as Ref["kind"], namespace: object.metadata.namespace, name: owner.name });
  return above === undefined ? [object] : [object, ...chainFrom(store, above)];
}

function podsBelow(store: Store, root: ClusterObject): readonly Pod[] {
  return store
    .inNamespace("Pod", root.metadata.namespace)
    .filter((pod) => chainFrom(store, pod).some((object) => refKey(keyed(object)) === refKey(keyed(root))));
}

function keyed({ kind, metadata }: ClusterObject): Ref {
  return { kind, namespace: metadata.namespace, name: metadata.name };
}
