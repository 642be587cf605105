/** What shows that an earlier template of a workload was good. */
import type { Pod, PodTemplate } from "../model/kube.ts";
import { podsOfRoot } from "../model/owner-chain.ts";
import { isActive, isReady } from "../model/pod-state.ts";
import { type Revision, revisionStory, sameTemplate } from "../model/revision.ts";
import type { View } from "../model/view.ts";
import { type Templated, withoutHash } from "./workload.ts";

const REVISION_HASH = "controller-revision-hash";

export interface GoodTemplate {
  readonly template: PodTemplate;
  /** Number of the revision, for `kubectl rollout undo --to-revision`; undefined when only our own record still has it. */
  readonly revision: number | undefined;
  /** Why it counts as good, for people. */
  readonly proof: string;
}

/**
 * The newest earlier template that was good: from the workload's revisions, else from our own record of specs seen healthy.
 * That a revision came before the failing one proves nothing: it counts only if we saw it healthy, or pods of it are ready now.
 */
export function lastGoodTemplate(workload: Templated, view: View): GoodTemplate | undefined {
  const { kind } = workload;
  const { namespace, name } = workload.metadata;
  for (const revision of revisionStory(view, { kind, namespace, name })?.older ?? []) {
    const template = withoutHash(revision.template);
    const seen = view
      .knownGood({ kind, namespace, name })
      .find((good) => good.spec.template !== undefined && sameTemplate(good.spec.template as PodTemplate, revision.template));
    const ready = seen === undefined ? readyPods(workload, revision, view) : 0;
    if (seen === undefined && ready === 0) continue;
    const proof = seen === undefined ? `${ready} of its pods are ready now` : `it was last seen healthy at ${new Date(seen.lastSeen).toISOString()}`;
    return { template, revision: revision.name === "" ? undefined : revision.number, proof };
  }
  return undefined;
}

/** Ready pods that were made from the revision. */
function readyPods(workload: Templated, revision: Revision, view: View): number {
  const { kind } = workload;
  const { namespace, name, uid } = workload.metadata;
  if (kind === "Deployment") {
    const set = view.ownedBy("ReplicaSet", uid).find((owned) => owned.metadata.name === revision.name);
    return set?.status.readyReplicas ?? 0;
  }
  // A pod's label names its revision: whole for StatefulSets, without the owner's name for DaemonSets.
  const names = [revision.name, revision.name.slice(name.length + 1)];
  const isOfIt = (pod: Pod) => names.includes(pod.metadata.labels[REVISION_HASH] ?? "");
  return podsOfRoot(view, { kind, namespace, name }).filter((pod) => isOfIt(pod) && isActive(pod) && isReady(pod)).length;
}
