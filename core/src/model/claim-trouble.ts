/** Which PersistentVolumeClaim keeps a pod from being scheduled or started, by the words of the scheduler, the attach controller and the kubelet. */
import type { Event, Pod } from "./kube.ts";
import { timeOf } from "./time.ts";
import type { View } from "./view.ts";

const NAMED = /persistentvolumeclaims? "([^"]{1,253})"|error processing PVC [^\s/]{1,253}\/([^\s:]{1,253}):/i;
const UNBOUND = /unbound immediate PersistentVolumeClaims/;
const MISPLACED =
  /volume node affinity conflict|didn't match PersistentVolume's node affinity|no available volume zone|didn't find available persistent volumes to bind|pvc\(s\) bound to non-existent pv\(s\)|pod using PersistentVolumeClaim with the same name/;
/** Reasons of the scheduler that have nothing to do with volumes; a taint of the control plane is in nearly every message and counts for nothing. */
const ANOTHER_REASON =
  /Insufficient |Too many pods|didn't match Pod's node affinity|didn't match pod (?:anti-)?affinity|topology spread|free ports|were unschedulable/;

/** By the message of the pod's PodScheduled condition; undefined where volumes are not the only reason, or several claims may be meant. */
export function claimInScheduling(pod: Pod, message: string, view: View): string | undefined {
  const claims = claimsOf(pod);
  const named = claimNamed(message, claims);
  if (named !== undefined) return named;
  if (ANOTHER_REASON.test(message) || !(UNBOUND.test(message) || MISPLACED.test(message))) return undefined;
  if (claims.length <= 1 || !UNBOUND.test(message) || view.health("PersistentVolumeClaim") !== "live") return only(claims);
  return only(claims.filter((claim) => view.get("PersistentVolumeClaim", pod.metadata.namespace, claim)?.status.phase !== "Bound"));
}

export interface ClaimTrouble {
  readonly claim: string;
  /** Untrusted text. */
  readonly message: string;
}

const MOUNT_REASONS: ReadonlySet<string> = new Set(["FailedMount", "FailedAttachVolume", "FailedMapVolume"]);

/** By the last Event about the pod's volumes since it began; undefined where it is about something else than a claim. */
export function claimInMounting(pod: Pod, view: View): ClaimTrouble | undefined {
  const claims = claimsOf(pod);
  if (claims.length === 0) return undefined;
  const began = timeOf(pod.status.startTime) ?? 0;
  const last = view.eventsOf(pod.metadata.uid).findLast((event: Event) => MOUNT_REASONS.has(event.reason) && (timeOf(event.lastTimestamp) ?? 0) >= began);
  const claim = last === undefined ? undefined : (claimNamed(last.message, claims) ?? claimOfVolume(pod, last.message, claims, view));
  return claim === undefined || last === undefined ? undefined : { claim, message: last.message };
}

const VOLUME = /(?:failed|error) for volume "([^"]{1,253})"/i;
const UNMOUNTED = /unmounted volumes=\[([^\]]{1,1000})\]/;

/** The kubelet names a claim's volume by its PersistentVolume, what is left to mount by the pod's own names. */
function claimOfVolume(pod: Pod, message: string, claims: readonly string[], view: View): string | undefined {
  const volumes = pod.spec.volumes ?? [];
  const name = VOLUME.exec(message)?.[1];
  if (name === undefined) {
    const left = (UNMOUNTED.exec(message)?.[1] ?? "").split(/[\s,]+/);
    const meant = volumes.filter((volume) => left.includes(volume.name));
    return meant.every((volume) => volume.persistentVolumeClaim !== undefined) ? only(meant.map(claimOf)) : undefined;
  }
  const own = volumes.find((volume) => volume.name === name);
  if (own !== undefined) return own.persistentVolumeClaim?.claimName;
  const bound = claims.filter((claim) => view.get("PersistentVolumeClaim", pod.metadata.namespace, claim)?.spec.volumeName === name);
  return only(bound) ?? only(claims);
}

function claimNamed(message: string, claims: readonly string[]): string | undefined {
  const found = NAMED.exec(message);
  const name = found?.[1] ?? found?.[2];
  return name !== undefined && claims.includes(name) ? name : undefined;
}

function claimsOf(pod: Pod): readonly string[] {
  const names = (pod.spec.volumes ?? []).map(claimOf).filter((name) => name !== "");
  return [...new Set(names)];
}

function claimOf(volume: NonNullable<Pod["spec"]["volumes"]>[number]): string {
  return volume.persistentVolumeClaim?.claimName ?? "";
}

function only(names: readonly string[]): string | undefined {
  return names.length === 1 ? names[0] : undefined;
}
