/** Who hangs together with an object, asked of the view in both directions. What takes a pass over many objects is done once, when it is first needed. */
import {
  type ClusterObject,
  controllerOf,
  KINDS,
  type Pod,
  type Ref,
  refKey,
  refOf,
  type Service,
  selects,
  servicesCalled,
  templateOf,
  type View,
} from "@kintsugi/core";
import type { Explained } from "../engine-facade.ts";
import type { Edge } from "./edges.ts";

const CALLERS = ["Deployment", "StatefulSet", "DaemonSet", "CronJob", "Job", "ReplicaSet", "Pod"] as const;
const OWNED = { Deployment: ["ReplicaSet"], CronJob: ["Job"], ReplicaSet: ["Pod"], StatefulSet: ["Pod"], DaemonSet: ["Pod"], Job: ["Pod"] } as const;

export class Links {
  readonly #view: View;
  readonly #causes: ReadonlyMap<string, readonly Explained[]>;
  readonly #effects: ReadonlyMap<string, readonly Explained[]>;
  #callers: ReadonlyMap<string, readonly ClusterObject[]> | undefined;
  readonly #mounting = new Map<string, ReadonlyMap<string, readonly Pod[]>>();

  constructor(view: View, explained: readonly Explained[]) {
    this.#view = view;
    this.#causes = Map.groupBy(explained, ({ subject }) => refKey(subject));
    this.#effects = Map.groupBy(explained, ({ by }) => refKey(by));
  }

  /** Edges that the object itself knows of: to its owner, node, claims and Services, to what it calls, and from what explains it. */
  edgesOf(object: ClusterObject): readonly Edge[] {
    const own = keyOf(object);
    const owner = this.#ownerOf(object);
    const edges: Edge[] = owner === undefined ? [] : [{ from: keyOf(owner), to: own, type: "owns" }];
    if (object.kind === "Pod") {
      const { namespace } = object.metadata;
      if (object.spec.nodeName !== undefined)
        edges.push({ from: own, to: refKey({ kind: "Node", namespace: "", name: object.spec.nodeName }), type: "runs-on" });
      for (const name of claimsOf(object)) edges.push({ from: own, to: refKey({ kind: "PersistentVolumeClaim", namespace, name }), type: "mounts" });
      for (const service of this.#servicesOf(object)) edges.push({ from: keyOf(service), to: own, type: "selects" });
    }
    for (const { service, where } of this.#callsOf(object)) edges.push({ from: own, to: keyOf(service), type: "calls", why: where });
    for (const { by, why } of this.#causes.get(own) ?? []) edges.push({ from: refKey(by), to: own, type: "explains", why });
    return edges;
  }

  /** Objects one edge away. `podsOfNode`: from a node on to every pod on it. */
  *neighbours(object: ClusterObject, { podsOfNode }: { readonly podsOfNode: boolean }): Iterable<ClusterObject> {
    const key = keyOf(object);
    yield* this.#found([this.#ownerOf(object)]);
    yield* this.#owned(object);
    for (const { service } of this.#callsOf(object)) yield service;
    for (const ref of [...(this.#causes.get(key) ?? []).map(({ by }) => by), ...(this.#effects.get(key) ?? []).map(({ subject }) => subject)]) {
      yield* this.#found([this.#view.find(ref)]);
    }
    switch (object.kind) {
      case "Pod":
        yield* this.#aroundPod(object);
        return;
      case "Node":
        if (podsOfNode) yield* this.#view.podsOnNode(object.metadata.name);
        return;
      case "Service":
        yield* this.#view.podsSelected(object.metadata.namespace, object.spec.selector);
        yield* this.#callersOf(object);
        return;
      case "PersistentVolumeClaim":
        yield* this.#podsMounting(object.metadata.namespace).get(object.metadata.name) ?? [];
        return;
      default:
        return;
    }
  }

  *#aroundPod(pod: Pod): Iterable<ClusterObject> {
    const { namespace } = pod.metadata;
    yield* this.#servicesOf(pod);
    yield* this.#found(claimsOf(pod).map((name) => this.#view.get("PersistentVolumeClaim", namespace, name)));
    if (pod.spec.nodeName !== undefined) yield* this.#found([this.#view.get("Node", "", pod.spec.nodeName)]);
  }

  *#found(objects: Iterable<ClusterObject | undefined>): Iterable<ClusterObject> {
    for (const object of objects) if (object !== undefined) yield object;
  }

  *#owned(object: ClusterObject): Iterable<ClusterObject> {
    const kinds = Object.hasOwn(OWNED, object.kind) ? OWNED[object.kind as keyof typeof OWNED] : [];
    for (const kind of kinds) {
      for (const owned of this.#view.ownedBy(kind, object.metadata.uid)) {
        if (owned.kind !== "ReplicaSet" || owned.spec.replicas > 0 || owned.status.replicas > 0) yield owned;
      }
    }
  }

  #ownerOf(object: ClusterObject): ClusterObject | undefined {
    const owner = controllerOf(object);
    const kind = owner === undefined || owner.kind === "Node" ? undefined : KINDS.find((known) => known === owner.kind);
    return owner === undefined || kind === undefined
      ? undefined
      : this.#view.find({ kind, namespace: object.metadata.namespace, name: owner.name, uid: owner.uid } satisfies Ref);
  }

  #servicesOf(pod: Pod): readonly Service[] {
    const { labels, namespace } = pod.metadata;
    return this.#view.inNamespace("Service", namespace).filter(({ spec: { selector } }) => selects(selector, labels));
  }

  /** Said once, by the owner whose template it is. */
  #callsOf(object: ClusterObject): ReturnType<typeof servicesCalled> {
    const template = templateOf(this.#ownerOf(object)) === undefined ? templateOf(object) : undefined;
    return template === undefined ? [] : servicesCalled(template.spec, object.metadata.namespace, this.#view);
  }

  #callersOf(service: Service): readonly ClusterObject[] {
    if (this.#callers === undefined) {
      const calls = CALLERS.flatMap((kind) => this.#view.all(kind)).flatMap((caller) =>
        this.#callsOf(caller).map((call) => ({ caller, key: keyOf(call.service) })),
      );
      this.#callers = new Map([...Map.groupBy(calls, ({ key }) => key)].map(([key, of]) => [key, of.map(({ caller }) => caller)]));
    }
    return this.#callers.get(keyOf(service)) ?? [];
  }

  #podsMounting(namespace: string): ReadonlyMap<string, readonly Pod[]> {
    const known = this.#mounting.get(namespace);
    if (known !== undefined) return known;
    const mounts = this.#view.inNamespace("Pod", namespace).flatMap((pod) => claimsOf(pod).map((claim) => ({ claim, pod })));
    const made = new Map([...Map.groupBy(mounts, ({ claim }) => claim)].map(([claim, of]) => [claim, of.map(({ pod }) => pod)]));
    this.#mounting.set(namespace, made);
    return made;
  }
}

function claimsOf({ spec }: Pod): readonly string[] {
  return (spec.volumes ?? []).flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
}

function keyOf(object: ClusterObject): string {
  return refKey(refOf(object));
}
