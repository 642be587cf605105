/**
 * What the engine knows of the cluster, asked through questions that can be tracked.
 *
 * Every question names a bucket of objects. Whoever asks depends on that bucket and on nothing else: so the engine knows what to look at
 * again when an object changes, and which objects a decision has used (they are kept for replay).
 */
import type { ViewHealth } from "../ports/cluster.ts";
import type { KnownGood } from "./known-good.ts";
import type { ClusterObject, Event, ObjectOf, Pod } from "./kube.ts";
import type { Kind, Ref } from "./ref.ts";

export interface View {
  get<K extends Kind>(kind: K, namespace: string, name: string): ObjectOf<K> | undefined;
  /** The object of a Ref; undefined also when a uid is given and another incarnation carries the name. */
  find(ref: Ref): ClusterObject | undefined;
  /** Every object of the kind in the cluster: a wide dependency, meant for small kinds (nodes, quotas). */
  all<K extends Kind>(kind: K): readonly ObjectOf<K>[];
  inNamespace<K extends Kind>(kind: K, namespace: string): readonly ObjectOf<K>[];
  /** Objects whose controller is the owner with this uid. */
  ownedBy<K extends Kind>(kind: K, ownerUid: string): readonly ObjectOf<K>[];
  podsOnNode(node: string): readonly Pod[];
  /** Pods of the namespace whose labels include every pair; an empty selector selects nothing, as a Service's does. */
  podsSelected(namespace: string, labels: Readonly<Record<string, string>>): readonly Pod[];
  /** Events about the object, oldest first. */
  eventsOf(uid: string): readonly Event[];
  /** The last specs that were seen healthy, newest first: survives delete and re-create. */
  knownGood(ref: Ref): readonly KnownGood[];
  health(kind: Kind): ViewHealth;
}
