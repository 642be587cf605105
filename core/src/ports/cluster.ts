/** What the engine needs of a cluster. Implemented by the Kubernetes adapter and by the simulator; the engine cannot tell which. */
import type { ClusterObject } from "../model/kube.ts";
import type { Kind, Ref } from "../model/ref.ts";
import type { Permission, Step, Target } from "../model/step.ts";

/** One thing that a watch saw. */
export type Observation =
  /** Added or modified. */
  | { readonly type: "object"; readonly object: ClusterObject }
  | { readonly type: "gone"; readonly ref: Ref }
  /** A complete list: objects of the kind that are not in it no longer exist. Sent once per kind at the start and after every relist. */
  | { readonly type: "listed"; readonly kind: Kind; readonly objects: readonly ClusterObject[] }
  /** The API server's version (`v1.34.4`): at the start, after a break, and when it may have changed. */
  | { readonly type: "version"; readonly version: string }
  /** How far the view of a kind can be trusted from now on. */
  | { readonly type: "health"; readonly kind: Kind; readonly health: ViewHealth; readonly reason: string };

/**
 * live: listed and watched. stale: was live, the watch is broken. unsynced: not listed yet.
 * forbidden: the API server says no. not-served: discovery proves that the API group does not exist.
 */
export type ViewHealth = "live" | "stale" | "unsynced" | "forbidden" | "not-served";

export type Reviewed = "allowed" | "denied" | "unknown";

export interface ClusterPort {
  /** Starts list and watch of every kind; keeps going on its own until the returned function is called. Never throws: trouble is a `health` observation. */
  watch(deliver: (observations: readonly Observation[]) => void): () => void;
  /**
   * The API server's clock now, ms since 1970, as far as its last answers tell; undefined before the first. Everything in the cluster is dated by
   * it, so the engine reckons by it too: a host whose clock is wrong or steps must not see trouble that is not there.
   */
  serverTime(): number | undefined;
  /** Fresh read past every cache; undefined when the object does not exist. Throws PortError. */
  read(ref: Ref): Promise<ClusterObject | undefined>;
  /** Carries out one step, or asks the server to go through it without persisting. Returns the object as a patch or creation left it; nothing for what ends an object. Throws PortError. */
  apply(step: Step, options: { readonly dryRun: boolean }): Promise<ClusterObject | undefined>;
  /** SelfSubjectAccessReview as the identity that would act. Never throws: no answer is `unknown`. */
  review(permission: Permission): Promise<Reviewed>;
  /** A Kubernetes Event on the object, best effort. Throws PortError. */
  announce(target: Target, event: { readonly type: "Normal" | "Warning"; readonly reason: string; readonly message: string }): Promise<void>;
  /** The last lines of a container's log, as evidence for people only. Empty when there is none. Throws PortError. */
  logs(pod: Ref, container: string, options: { readonly previous: boolean; readonly maxBytes: number }): Promise<string>;
}

/** The right to act: one writer per cluster. */
export interface LeasePort {
  /** Takes or renews. Returns what is held now. Throws PortError when the server cannot be asked. */
  hold(storeId: string): Promise<Held>;
  release(): Promise<void>;
}

export type Held =
  /** Ours for `forMs` from the moment of asking. Not before `actFrom` (wall clock) may acts run: another store held the lease until recently. */
  { readonly type: "held"; readonly epoch: number; readonly forMs: number; readonly actFrom: number } | { readonly type: "other"; readonly holder: string };
