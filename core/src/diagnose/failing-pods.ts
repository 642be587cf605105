/** The pods of a case that fail now, from the present state alone: findings may be older than it. */
import type { Case } from "../model/failure-mode.ts";
import type { Pod } from "../model/kube.ts";
import { refOf } from "../model/kube.ts";
import { podsOfRoot } from "../model/owner-chain.ts";
import { containerTroubles, isActive, isReady, type Trouble, type TroubleType } from "../model/pod-state.ts";
import { sameRef } from "../model/ref.ts";

export interface TroubledPod {
  readonly pod: Pod;
  readonly trouble: Trouble;
}

export function activePods(given: Case): readonly Pod[] {
  return podsOfRoot(given.view, given.subject).filter(isActive);
}

/** Containers in trouble of one of the types. One end that was followed by a new start is none: that happens to healthy ones. */
export function troubled(given: Case, ...types: readonly TroubleType[]): readonly TroubledPod[] {
  return activePods(given).flatMap((pod) =>
    containerTroubles(pod)
      .filter((trouble) => types.includes(trouble.type) && (trouble.down || trouble.ends >= 2))
      .map((trouble) => ({ pod, trouble })),
  );
}

/** Pods that do not serve, and pods that only seem to between two restarts. */
export function failingPods(given: Case): readonly Pod[] {
  return activePods(given).filter((pod) => !isReady(pod) || containerTroubles(pod).some((trouble) => trouble.down || trouble.ends >= 2));
}

/** Not ready, but no finding is about it and no container of it is in trouble: it is on its way, as every new pod is for a while. */
export function isStarting(given: Case, pod: Pod): boolean {
  if (containerTroubles(pod).some((trouble) => trouble.down || trouble.ends >= 2)) return false;
  return !given.findings.some(({ members }) => members.some((member) => sameRef(member, refOf(pod))));
}

export function refsOf(pods: readonly Pod[]) {
  return pods.slice(0, 5).map(refOf);
}

/** The kubelet's own words in quotes, shortened; empty when it said nothing. */
export function quote(message: string): string {
  return message === "" ? "" : ` "${message.slice(0, 240)}"`;
}
