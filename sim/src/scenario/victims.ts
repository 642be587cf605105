/**
 * Who suffers by what, as the world itself shows it while it happens: the scheduler's, the API server's and the kubelet's words, and nodes that are
 * away. By it the truth about a fault includes what it takes from others: room, a quota, a node, a registry.
 */
import { type ClusterObject, conditionOf, type Event, type Node, type Pod, type Ref, refKey, refOf } from "@kintsugi/core";
import type { SimCluster } from "../cluster.ts";
import { registryOf } from "../world/images.ts";
import { matchesLabels } from "../world/selector.ts";
import type { Store } from "../world/store.ts";
import { chainFrom } from "./moments.ts";

/** The room of all nodes that take pods. */
export const ROOM = "room";

export function quotaCause(namespace: string, name: string): string {
  return `quota ${namespace}/${name}`;
}

/** The node is away, or takes no pods. */
export function nodeCause(name: string): string {
  return `node ${name}`;
}

export function registryCause(host: string): string {
  return `registry ${host}`;
}

export interface Victim {
  /** Root owner, or a Service of its pods. */
  readonly ref: Ref;
  readonly cause: string;
  /** Failure mode as which it rightly shows; undefined where the catalogue has none. */
  readonly shows: string | undefined;
  /** First and last seen, ms. */
  readonly from: number;
  readonly to: number;
}

export class Victims {
  readonly #store: Store;
  readonly #now: () => number;
  readonly #known = new Map<string, Victim>();

  constructor({ world, timeline }: SimCluster) {
    this.#store = world.store;
    this.#now = () => timeline.now();
    world.store.onChange(["Pod"], ({ after }) => {
      if (after?.kind === "Pod") this.#pod(after);
    });
    world.store.onChange(["Event"], ({ after }) => {
      if (after?.kind === "Event") this.#event(after);
    });
    world.store.onChange(["Node"], ({ after }) => {
      if (after?.kind === "Node" && !isReady(after)) for (const pod of this.#store.podsOn(after.metadata.name)) this.#note(pod, nodeCause(after.metadata.name));
    });
  }

  /** Of one object, by any of the causes, seen between two moments. */
  of(ref: Ref, causes: readonly string[], from: number, to: number): readonly Victim[] {
    return causes.flatMap((cause) => this.#known.get(`${refKey(ref)} ${cause}`) ?? []).filter((victim) => victim.from <= to && victim.to >= from);
  }

  /** All that were seen between two moments by any of the causes. */
  between(causes: readonly string[], from: number, to: number): readonly Victim[] {
    return [...this.#known.values()].filter((victim) => causes.includes(victim.cause) && victim.from <= to && victim.to >= from);
  }

  #pod(pod: Pod): void {
    const scheduled = conditionOf(pod.status.conditions, "PodScheduled");
    if (scheduled?.reason === "Unschedulable") {
      if (scheduled.message.includes("Insufficient")) this.#note(pod, ROOM, "unschedulable");
      for (const node of this.#store.list("Node")) if (isClosed(node)) this.#note(pod, nodeCause(node.metadata.name), "unschedulable");
    }
    for (const { image, state } of pod.status.containerStatuses) {
      const reason = state.waiting?.reason;
      if (reason === "ErrImagePull" || reason === "ImagePullBackOff") this.#note(pod, registryCause(registryOf(image)));
    }
  }

  #event({ involved, reason, message, metadata }: Event): void {
    const quota = reason === "FailedCreate" ? /exceeded quota: ([^,\s]+),/.exec(message)?.[1] : undefined;
    const refused =
      quota === undefined ? undefined : this.#store.find({ kind: involved.kind as Ref["kind"], namespace: involved.namespace, name: involved.name });
    if (quota !== undefined && refused !== undefined) this.#note(refused, quotaCause(metadata.namespace, quota), "quota-exceeded");
  }

  #note(object: ClusterObject, cause: string, shows?: string): void {
    const at = this.#now();
    const root = chainFrom(this.#store, object).at(-1) ?? object;
    for (const ref of [refOf(root), ...this.#servicesOf(object)]) {
      const key = `${refKey(ref)} ${cause}`;
      const known = this.#known.get(key);
      this.#known.set(key, { ref, cause, shows: known?.shows ?? shows, from: known?.from ?? at, to: at });
    }
  }

  #servicesOf(object: ClusterObject): readonly Ref[] {
    if (object.kind !== "Pod") return [];
    const { namespace, labels } = object.metadata;
    const services = this.#store.inNamespace("Service", namespace).filter(({ spec }) => Object.keys(spec.selector).length > 0);
    return services.filter(({ spec }) => matchesLabels(spec.selector, labels)).map(refOf);
  }
}

function isReady(node: Node): boolean {
  return conditionOf(node.status.conditions, "Ready")?.status === "True";
}

/** Takes no pods, for a reason that is not its role. */
function isClosed({ spec }: Node): boolean {
  return spec.unschedulable || spec.taints.some(({ key, effect }) => effect !== "PreferNoSchedule" && !key.startsWith("node-role.kubernetes.io/"));
}
