/** One situation, as data: what is applied, what then goes wrong, and when that shows. A real cluster and the simulator play the same. */
import type { ClusterObject, Kind } from "@kintsugi/core";

/** As it is sent to an API server, but for the namespace: whoever plays the scene has one of its own for it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: Kind;
  readonly metadata: { readonly name: string };
  readonly [field: string]: unknown;
}

/** Something that is done to the cluster. */
export type Deed =
  | { readonly type: "create"; readonly manifest: Manifest }
  /** A strategic merge patch, as kubectl sends it. */
  | { readonly type: "patch"; readonly kind: Kind; readonly name: string; readonly patch: object }
  | { readonly type: "remove"; readonly kind: Kind; readonly name: string }
  | { readonly type: "remove-pods" }
  | { readonly type: "stop-kubelet" | "start-kubelet"; readonly node: string };

export type Sign = (objects: readonly ClusterObject[]) => boolean;

export interface Scene {
  readonly name: string;
  /** The failure mode that it shows; empty for what is healthy. */
  readonly mode: string;
  readonly subject: { readonly kind: Kind; readonly name: string };
  /** Applied first. Where there is a time before the trouble, `isWell` ends it. */
  readonly start: readonly Manifest[];
  readonly isWell?: Sign;
  readonly hurt?: readonly Deed[];
  readonly shows: Sign;
  /** Puts back what is outside of its namespace. */
  readonly mend?: readonly Deed[];
  /** What a real cluster must have for it; recorded only when it is named. */
  readonly wants?: string;
  /** Where the simulator may differ from what was recorded: what `differences` says, and why that is right to leave. */
  readonly differs?: Readonly<Record<string, string>>;
  /** What becomes true of one pod in the simulator, so long after the start: the effect of a script that acts on the clock. */
  readonly becomes?: { readonly fact: string; readonly pod: string; readonly afterMs: number };
}
