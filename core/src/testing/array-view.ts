/** A View over an array of objects, for tests: every question is a filter. */
import type { KnownGood } from "../model/known-good.ts";
import type { ClusterObject, ObjectOf } from "../model/kube.ts";
import { controllerOf } from "../model/kube.ts";
import type { Kind, Ref } from "../model/ref.ts";
import { sameRef } from "../model/ref.ts";
import type { View } from "../model/view.ts";
import type { ViewHealth } from "../ports/cluster.ts";

export interface ArrayViewOptions {
  knownGood?: readonly KnownGood[];
  health?: Partial<Record<Kind, ViewHealth>>;
}

export function viewOf(objects: readonly ClusterObject[], options: ArrayViewOptions = {}): View {
  const all = <K extends Kind>(kind: K) => objects.filter((object): object is ObjectOf<K> => object.kind === kind);
  const get = <K extends Kind>(kind: K, namespace: string, name: string) =>
    all(kind).find((object) => object.metadata.namespace === namespace && object.metadata.name === name);
  return {
    get,
    find: (ref: Ref) => {
      const found = get(ref.kind, ref.namespace, ref.name);
      return ref.uid !== undefined && found?.metadata.uid !== ref.uid ? undefined : found;
    },
    all,
    inNamespace: (kind, namespace) => all(kind).filter((object) => object.metadata.namespace === namespace),
    ownedBy: (kind, uid) => all(kind).filter((object) => controllerOf(object)?.uid === uid),
    podsOnNode: (node) => all("Pod").filter((pod) => pod.spec.nodeName === node),
    podsSelected: (namespace, labels) => {
      const wanted = Object.entries(labels);
      if (wanted.length === 0) return [];
      return all("Pod").filter((pod) => pod.metadata.namespace === namespace && wanted.every(([key, value]) => pod.metadata.labels[key] === value));
    },
    eventsOf: (uid) =>
      all("Event")
        .filter((event) => event.involved.uid === uid)
        .sort((a, b) => a.lastTimestamp.localeCompare(b.lastTimestamp)),
    knownGood: (ref) => (options.knownGood ?? []).filter((good) => sameRef(good.ref, ref)).sort((a, b) => b.lastSeen - a.lastSeen),
    health: (kind) => options.health?.[kind] ?? "live",
  };
}
