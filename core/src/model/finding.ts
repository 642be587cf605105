/** A detector's claim that something looks wrong. */
import type { Kind, Ref } from "./ref.ts";
import type { View } from "./view.ts";

/** What a finding points at. A Secret is known by name alone, from the kubelet's words: the object is never looked at. */
export interface Cause {
  readonly kind: Kind | "Secret";
  readonly namespace: string;
  readonly name: string;
}

export interface Finding {
  /** Id of the detector. */
  readonly detector: string;
  /** The root owner (or node, Service, quota) that it is about. One detector makes at most one finding per subject. */
  readonly subject: Ref;
  /** The thing that it points at as the reason, when the cluster says so (the node, the quota, the claim, the missing ConfigMap's name). */
  readonly cause?: Cause;
  /** Since when the condition has held, by the cluster's own timestamps, ms. */
  readonly since: number;
  /** When the engine first saw it, ms: it takes a while to be sure of most things. Set where findings are kept; absent means now. */
  readonly firstSeen?: number;
  /** One sentence for people. */
  readonly summary: string;
  /** Objects that show it (pods mostly), at most `MAX_MEMBERS`; `count` is how many there are. */
  readonly members: readonly Ref[];
  readonly count: number;
  /** Share of the subject's wanted replicas that is lost, 0 to 1. */
  readonly lostShare: number;
}

export const MAX_MEMBERS = 20;

/** `detector|Kind/ns/name`: the identity of a finding over time. */
export function findingKey(finding: { readonly detector: string; readonly subject: Ref }): string {
  return `${finding.detector}|${finding.subject.kind}/${finding.subject.namespace}/${finding.subject.name}`;
}

export interface Detection {
  readonly finding?: Finding;
  /** When to look again although nothing changed (a grace period that runs out), ms. */
  readonly recheckAt?: number;
}

/** A rule that looks at one subject. Pure: the same view and time give the same answer. */
export interface Detector {
  readonly id: string;
  /** Which kinds of subject it looks at. */
  readonly subjects: readonly Ref["kind"][];
  detect(subject: Ref, view: View, now: number, windows: DetectWindows): Detection;
}

/** How long conditions must hold before they count: policy, never code. Milliseconds. */
export interface DetectWindows {
  /** A pod that is not ready, a Service without endpoints, a start that does not get ahead. */
  readonly notReadyMs: number;
  /** Restarts closer together than this are a loop. */
  readonly crashWindowMs: number;
  /** A pod that cannot be scheduled (an autoscaler gets this long). */
  readonly unschedulableMs: number;
  /** A cordon that nobody explains. */
  readonly cordonMs: number;
  /** A node that is not ready. */
  readonly nodeNotReadyMs: number;
  /** Scaled to zero although it had replicas and somebody calls it. */
  readonly scaledToZeroMs: number;
  /** Many owners or nodes within this are a storm. */
  readonly stormMs: number;
  /** Evicted pods that lie about. */
  readonly leftoversMs: number;
}
