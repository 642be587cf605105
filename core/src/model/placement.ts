/** Whether a node would take a pod at all, its room apart (pkg/scheduler/framework/plugins: nodeunschedulable, tainttoleration, nodeaffinity). */
import { conditionOf, type Node, type PodSpec, type Taint, type Toleration } from "./kube.ts";

/** Ready, not cordoned, no taint that the pod does not tolerate, and among those that the pod asks for. */
export function isOpenTo(spec: PodSpec, node: Node): boolean {
  const tolerations = spec.tolerations ?? [];
  const isTolerated = (taint: Taint) => taint.effect === "PreferNoSchedule" || tolerations.some((toleration) => tolerates(toleration, taint));
  const taints = node.spec.unschedulable ? [...node.spec.taints, CORDON] : node.spec.taints;
  return conditionOf(node.status.conditions, "Ready")?.status === "True" && taints.every(isTolerated) && isChosen(spec, node);
}

/** What a cordon amounts to, before its controller has written the taint. */
const CORDON: Taint = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" };

function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect !== undefined && toleration.effect !== "" && toleration.effect !== taint.effect) return false;
  if (toleration.key !== undefined && toleration.key !== "" && toleration.key !== taint.key) return false;
  return toleration.operator === "Exists" || (toleration.value ?? "") === (taint.value ?? "");
}

interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}
interface Affinity {
  readonly nodeAffinity?: {
    readonly requiredDuringSchedulingIgnoredDuringExecution?: {
      readonly nodeSelectorTerms?: readonly { readonly matchExpressions?: readonly Requirement[]; readonly matchFields?: readonly Requirement[] }[];
    };
  };
}

/** By nodeSelector, and by any one of the terms of its required node affinity. */
function isChosen(spec: PodSpec, { metadata }: Node): boolean {
  if (!Object.entries(spec.nodeSelector ?? {}).every(([key, value]) => metadata.labels[key] === value)) return false;
  const required = (spec["affinity"] as Affinity | undefined)?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (required?.nodeSelectorTerms === undefined) return true;
  return required.nodeSelectorTerms.some(
    ({ matchExpressions = [], matchFields = [] }) =>
      matchExpressions.every((one) => meets(metadata.labels[one.key], one)) &&
      matchFields.every((one) => meets(one.key === "metadata.name" ? metadata.name : undefined, one)),
  );
}

function meets(value: string | undefined, { operator, values = [] }: Requirement): boolean {
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    case "Gt":
      return Number(value) > Number(values[0]);
    case "Lt":
      return Number(value) < Number(values[0]);
    default:
      return false;
  }
}
