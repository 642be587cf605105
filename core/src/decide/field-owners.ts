/** Who else writes the fields that a plan would write, and would write them again. */
import type { ClusterObject, FieldManager } from "../model/kube.ts";
import { refOf } from "../model/kube.ts";
import { podsOfRoot } from "../model/owner-chain.ts";
import type { View } from "../model/view.ts";
import { overlaps } from "./fields.ts";

/** Field managers of programs that keep a field as they want it, as they write themselves into managedFields. */
const MANAGERS: readonly { readonly pattern: RegExp; readonly name: string }[] = [
  { pattern: /^(vpa|vertical-pod-autoscaler)/i, name: "VerticalPodAutoscaler" },
  { pattern: /^keda/i, name: "KEDA" },
  { pattern: /^(argo-)?rollouts-controller$/i, name: "Argo Rollouts" },
  { pattern: /^(flagger)/i, name: "Flagger" },
  { pattern: /^(argocd|argo-cd)/i, name: "Argo CD" },
  { pattern: /^(kustomize|helm)-controller$/i, name: "Flux" },
  { pattern: /^(py-)?kube-downscaler|^kube-green/i, name: "a downscaler" },
  { pattern: /^(cluster-autoscaler|karpenter)/i, name: "the node autoscaler" },
  { pattern: /^(machine-config-(daemon|controller|operator))/i, name: "the Machine Config Operator" },
  {
    pattern: /^(node-?healthcheck|self-node-remediation|fence-agents|node-maintenance|machine-healthcheck|kured|draino|node-problem)/i,
    name: "a node remediator",
  },
];

/** Annotations by which such programs mark what they keep, with the field that they mean. */
const MARKS: readonly { readonly annotation: RegExp; readonly field: string; readonly name: string }[] = [
  { annotation: /^rollout\.argoproj\.io\//, field: "/spec/replicas", name: "Argo Rollouts" },
  { annotation: /^downscaler\/original-replicas$/, field: "/spec/replicas", name: "a downscaler" },
  { annotation: /^autoscaling\.keda\.sh\/paused/, field: "/spec/replicas", name: "KEDA" },
  { annotation: /kured-node-lock$/, field: "/spec/unschedulable", name: "kured" },
  { annotation: /^cluster-autoscaler\.kubernetes\.io\/scale-down-in-progress$/, field: "/spec/unschedulable", name: "the node autoscaler" },
];

/** Taints by which a remediator or autoscaler says that the node is its own for now. */
const TAINTS: readonly { readonly key: RegExp; readonly name: string }[] = [
  { key: /^ToBeDeletedByClusterAutoscaler$|^DeletionCandidateOfClusterAutoscaler$|^karpenter\.sh\/disrupt/, name: "the node autoscaler" },
  { key: /^node\.kubernetes\.io\/out-of-service$|^medik8s\.io\//, name: "a node remediator" },
];

/** Mark of the VerticalPodAutoscaler's admission on the pods whose resources it sets. */
const VPA_MARKS = ["vpaUpdates", "vpaObservedContainers"];
const RESOURCES_OF_CONTAINER = /\/(initContainers|containers)\/[^/]+\/resources(\/|$)/;

export interface FieldOwner {
  readonly name: string;
  readonly field: string;
  readonly how: string;
}

/** The first program found that keeps one of the fields of the object; `paths` are what the plan writes, exactly. */
export function fieldOwner(object: ClusterObject, paths: readonly string[], view: View): FieldOwner | undefined {
  return autoscalerOf(object, paths, view) ?? managerOf(object, paths) ?? markOf(object, paths) ?? taintOf(object, paths) ?? vpaOf(object, paths, view);
}

function autoscalerOf(object: ClusterObject, paths: readonly string[], view: View): FieldOwner | undefined {
  if (!paths.includes("/spec/replicas")) return undefined;
  const { namespace, name } = object.metadata;
  const scaler = view.inNamespace("HorizontalPodAutoscaler", namespace).find(({ spec }) => spec.target.kind === object.kind && spec.target.name === name);
  return scaler === undefined ? undefined : { name: `HorizontalPodAutoscaler ${scaler.metadata.name}`, field: "/spec/replicas", how: "it scales this object" };
}

function managerOf(object: ClusterObject, paths: readonly string[]): FieldOwner | undefined {
  for (const { manager, paths: owned } of object.metadata.managers) {
    const known = MANAGERS.find(({ pattern }) => pattern.test(manager));
    const field = known === undefined ? undefined : paths.find((path) => owned.some((other) => overlaps(path, other)));
    if (known !== undefined && field !== undefined) return { name: known.name, field, how: `field manager ${manager}` };
  }
  return undefined;
}

function markOf(object: ClusterObject, paths: readonly string[]): FieldOwner | undefined {
  for (const annotation of Object.keys(object.metadata.annotations)) {
    const mark = MARKS.find((known) => known.annotation.test(annotation) && paths.some((path) => overlaps(path, known.field)));
    if (mark !== undefined) return { name: mark.name, field: mark.field, how: `annotation ${annotation}` };
  }
  return undefined;
}

function taintOf(object: ClusterObject, paths: readonly string[]): FieldOwner | undefined {
  const field = paths.find((path) => overlaps(path, "/spec/unschedulable") || overlaps(path, "/spec/taints"));
  if (object.kind !== "Node" || field === undefined) return undefined;
  for (const { key } of object.spec.taints) {
    const known = TAINTS.find((taint) => taint.key.test(key));
    if (known !== undefined) return { name: known.name, field, how: `taint ${key}` };
  }
  return undefined;
}

/** The autoscaler leaves the workload's template alone and sets the resources of each pod as it is made. */
function vpaOf(object: ClusterObject, paths: readonly string[], view: View): FieldOwner | undefined {
  const field = paths.find((path) => RESOURCES_OF_CONTAINER.test(path));
  if (field === undefined) return undefined;
  const pod = podsOfRoot(view, refOf(object)).find(({ metadata }) => VPA_MARKS.some((mark) => metadata.annotations[mark] !== undefined));
  return pod === undefined ? undefined : { name: "VerticalPodAutoscaler", field, how: `annotations of pod ${pod.metadata.name}` };
}

/** Kubernetes' own controllers, and we ourselves: their writes are nobody's wish. */
const CONTROLLERS =
  /^(kube-controller-manager|kube-scheduler|kubelet|kube-apiserver|cloud-controller-manager|(cluster-policy|openshift|route)-controller-manager|kintsugi.*)$/;

/** The latest write, after `since`, by anyone but controllers, of one of the fields. Field managers know whole seconds. */
export function latestHumanWrite(
  object: ClusterObject,
  paths: readonly string[],
  since: number,
): { readonly by: FieldManager; readonly at: number } | undefined {
  return object.metadata.managers
    .filter((entry) => !CONTROLLERS.test(entry.manager) && entry.subresource !== "status")
    .filter((entry) => entry.paths.some((owned) => paths.some((path) => overlaps(path, owned))))
    .map((by) => ({ by, at: Date.parse(by.time) }))
    .filter(({ at }) => at > since)
    .toSorted((a, b) => b.at - a.at)[0];
}
