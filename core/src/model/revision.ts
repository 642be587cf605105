/**
 * The revisions of a workload: what runs now, what ran before, and which of them was seen good.
 *
 * Sources, best first: ReplicaSets (Deployments) and ControllerRevisions (StatefulSets, DaemonSets), then our own record of specs seen
 * healthy, since many real changes delete and re-create the object and leave no older revision.
 */
import type { ClusterObject, Pod, PodTemplate } from "./kube.ts";
import { createdAt } from "./pod-state.ts";
import type { Ref } from "./ref.ts";
import { timeOf } from "./time.ts";
import type { View } from "./view.ts";
import { templateOf } from "./workload.ts";

export const REVISION_ANNOTATION = "deployment.kubernetes.io/revision";
/** Set when an old ReplicaSet became the newest again: its creation is then not when this revision began. */
const REVISION_HISTORY = "deployment.kubernetes.io/revision-history";
/** Labels that controllers add to a template's copy; they are no difference between templates. */
const OWN_LABELS: ReadonlySet<string> = new Set([
  "pod-template-hash",
  "controller-revision-hash",
  "pod-template-generation",
  "statefulset.kubernetes.io/pod-name",
]);

/** A restart makes a revision that runs the very same thing (`kubectl.kubernetes.io/restartedAt`, ours). */
const RESTARTED_AT = /restarted-?at$/i;

export interface Revision {
  /** The cluster's number; 0 for one that only our own record knows. */
  readonly number: number;
  /** Name of its ReplicaSet or ControllerRevision; empty for one of our own record. */
  readonly name: string;
  readonly template: PodTemplate;
  /** When it began, ms. */
  readonly since: number;
}

export interface RevisionStory {
  readonly current: Revision;
  /** Older ones that differ from the current template, newest first; revisions before records. */
  readonly older: readonly Revision[];
  /** True when our own record holds the current template: it has been healthy for the whole of policy's `stable` window. */
  readonly currentWasGood: boolean;
}

/** Undefined for kinds without revisions (Jobs, bare pods) and for owners that are gone. */
export function revisionStory(view: View, root: Ref): RevisionStory | undefined {
  const object = view.find(root);
  const template = templateOf(object);
  if (object === undefined || template === undefined || object.kind === "Pod" || object.kind === "Job") return undefined;
  const revisions = revisionsOf(view, object);
  const current = revisions[0] ?? { number: 0, name: "", template, since: timeOf(object.metadata.creationTimestamp) ?? 0 };
  const known = view.knownGood({ kind: root.kind, namespace: root.namespace, name: root.name });
  const here = fingerprint(template);
  const recorded: Revision[] = [];
  for (const good of known) {
    const was = good.spec.template as PodTemplate | undefined;
    if (was !== undefined) recorded.push({ number: 0, name: "", template: was, since: good.firstSeen });
  }
  return {
    current,
    older: [...revisions.slice(1), ...recorded].filter((revision) => fingerprint(revision.template) !== here),
    currentWasGood: recorded.some((revision) => fingerprint(revision.template) === here),
  };
}

/** Newest first. */
function revisionsOf(view: View, object: ClusterObject): readonly Revision[] {
  const found: Revision[] = [];
  if (object.kind === "Deployment") {
    for (const set of view.ownedBy("ReplicaSet", object.metadata.uid)) {
      const created = timeOf(set.metadata.creationTimestamp) ?? 0;
      const again = set.metadata.annotations[REVISION_HISTORY] !== undefined;
      const since = again ? beganAgain(view.ownedBy("Pod", set.metadata.uid), created) : created;
      found.push({ number: Number(set.metadata.annotations[REVISION_ANNOTATION] ?? 0), name: set.metadata.name, template: set.spec.template, since });
    }
  } else if (object.kind === "StatefulSet" || object.kind === "DaemonSet") {
    for (const revision of view.ownedBy("ControllerRevision", object.metadata.uid)) {
      const since = timeOf(revision.metadata.creationTimestamp) ?? 0;
      if (revision.template !== undefined) found.push({ number: revision.revision, name: revision.metadata.name, template: revision.template, since });
    }
  }
  return found.sort((a, b) => b.number - a.number);
}

/** A revision that came back began with the oldest of its present pods. */
function beganAgain(pods: readonly Pod[], created: number): number {
  return pods.length === 0 ? created : Math.min(...pods.map(createdAt));
}

/** True when the pod was made from the newest revision. Pods of owners without revisions are of the only one there is. */
export function isOfCurrentRevision(view: View, root: Ref, story: RevisionStory, pod: Pod): boolean {
  if (story.current.name === "") return true;
  if (root.kind === "Deployment") return pod.metadata.ownerReferences.some((owner) => owner.controller && owner.name === story.current.name);
  const hash = pod.metadata.labels["controller-revision-hash"];
  const object = view.find(root);
  return hash === undefined || hash === story.current.name || `${object?.metadata.name}-${hash}` === story.current.name;
}

const fingerprints = new WeakMap<PodTemplate, string>();

/** Equal for templates that make the same pods: key order, added labels and absent against empty do not count. */
export function fingerprint(template: PodTemplate): string {
  const known = fingerprints.get(template);
  if (known !== undefined) return known;
  const labels = Object.fromEntries(Object.entries(template.metadata.labels ?? {}).filter(([key]) => !OWN_LABELS.has(key)));
  const annotations = Object.fromEntries(Object.entries(template.metadata.annotations ?? {}).filter(([key]) => !RESTARTED_AT.test(key)));
  const text = canonical({ labels, annotations, spec: template.spec });
  fingerprints.set(template, text);
  return text;
}

export function sameTemplate(a: PodTemplate, b: PodTemplate): boolean {
  return fingerprint(a) === fingerprint(b);
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "";
  const parts = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([key, inner]) => [key, canonical(inner)] as const)
    .filter(([, text]) => text !== "" && text !== "{}" && text !== "[]");
  return `{${parts.map(([key, text]) => `${key}:${text}`).join(",")}}`;
}
