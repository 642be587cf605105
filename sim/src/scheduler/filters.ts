/** Why a pod does not fit on a node: the scheduler's filters in their order, each with its own words (pkg/scheduler/framework/plugins). */
import { type Node, type Pod, type PodSpec, parseQuantity, type Taint, type Toleration } from "@kintsugi/core";
import { podResources } from "../api/pod-resources.ts";

export interface NodeUsage {
  cpu: number;
  memory: number;
  pods: number;
}

/** Reasons, empty when the pod fits. Only the first filter that refuses is heard, as in the real one. */
export function misfits(pod: Pod, node: Node, usage: NodeUsage): readonly string[] {
  if (node.spec.unschedulable && !toleratesUnschedulable(pod.spec)) return ["node(s) were unschedulable"];
  if (untolerated(pod.spec, node) !== undefined) return ["node(s) had untolerated taint(s)"];
  if (!matchesAffinity(pod.spec, node)) return ["node(s) didn't match Pod's node affinity/selector"];
  return lacks(pod, node, usage);
}

/** True where taking other pods away could never help: the node is closed to the pod, or too small for it when empty. */
export function isHopeless(pod: Pod, node: Node, reasons: readonly string[]): boolean {
  return reasons.some((reason) => reason.startsWith("node(s)")) || lacks(pod, node, { cpu: 0, memory: 0, pods: 0 }).length > 0;
}

function lacks(pod: Pod, node: Node, usage: NodeUsage): readonly string[] {
  const { requests } = podResources(pod.spec);
  const { allocatable } = node.status;
  const reasons: string[] = [];
  if (usage.pods + 1 > (parseQuantity(allocatable["pods"]) ?? 110)) reasons.push("Too many pods");
  if (requests.cpu > 0 && usage.cpu + requests.cpu > (parseQuantity(allocatable["cpu"]) ?? 0) + 1e-9) reasons.push("Insufficient cpu");
  if (requests.memory > 0 && usage.memory + requests.memory > (parseQuantity(allocatable["memory"]) ?? 0)) reasons.push("Insufficient memory");
  return reasons;
}

export function untolerated(spec: PodSpec, node: Node): Taint | undefined {
  return node.spec.taints.find((taint) => taint.effect !== "PreferNoSchedule" && !(spec.tolerations ?? []).some((t) => tolerates(t, taint)));
}

/** v1helper.TolerationsTolerateTaint for one toleration. */
export function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect !== undefined && toleration.effect !== "" && toleration.effect !== taint.effect) return false;
  if (toleration.key !== undefined && toleration.key !== "" && toleration.key !== taint.key) return false;
  return toleration.operator === "Exists" || (toleration.value ?? "") === (taint.value ?? "");
}

function toleratesUnschedulable(spec: PodSpec): boolean {
  return (spec.tolerations ?? []).some((t) => tolerates(t, { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" }));
}

export function matchesAffinity(spec: PodSpec, node: Node): boolean {
  for (const [key, value] of Object.entries(spec.nodeSelector ?? {})) if (node.metadata.labels[key] !== value) return false;
  const only = pinnedNode(spec);
  return only === undefined || only === node.metadata.name;
}

/** The node that a DaemonSet pod is made for (affinity by `metadata.name`). */
export function pinnedNode(spec: PodSpec): string | undefined {
  const affinity = spec["affinity"] as Affinity | undefined;
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return terms?.[0]?.matchFields?.find((field) => field.key === "metadata.name")?.values[0];
}

interface Affinity {
  readonly nodeAffinity?: {
    readonly requiredDuringSchedulingIgnoredDuringExecution?: {
      readonly nodeSelectorTerms: readonly {
        readonly matchFields?: readonly { readonly key: string; readonly operator: string; readonly values: readonly string[] }[];
      }[];
    };
  };
}

export function pinTo(node: string): Affinity {
  return {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields: [{ key: "metadata.name", operator: "In", values: [node] }] }] },
    },
  };
}
