import type { ClusterObject, Node } from "../../model/kube.ts";
import { type Kind, refText } from "../../model/ref.ts";
import { isStaticPod } from "../../model/static-pod.ts";
import { namespacesOf, touchedBy } from "../chain.ts";
import { block, type Gate, pass } from "../gate.ts";
import type { DecideInput } from "../input.ts";
import { matchesAny } from "../rules.ts";

export const PROTECTED_NAMESPACES = ["kube-*", "openshift-*", "openshift"];
const CONTROL_PLANE = ["node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master"];

/** Observed kinds that are never changed, whatever a policy says: the data, and what rules the cluster. */
const NEVER_CHANGED: readonly Kind[] = ["PersistentVolumeClaim", "Namespace", "ClusterVersion", "MachineConfigPool", "Application"];
/** Kinds that no plan may create. */
const NEVER_CREATED =
  /^(Secret|PersistentVolume(Claim)?|(Cluster)?Role(Binding)?|ServiceAccount|CustomResourceDefinition|(Validating|Mutating)(WebhookConfiguration|AdmissionPolicy(Binding)?)|APIService)$/;

/** Never without a policy that names them: system namespaces, our own, control-plane nodes, our own node. Never at all: static pods, data, access rights. */
export const protectedTarget: Gate = {
  id: "protected-target",
  check: (input) => {
    const never = neverAtAll(input);
    if (never !== undefined) return block(`${never}: never changed, whatever a policy says`);
    const guarded = [...guardedNamespaces(input), ...guardedNodes(input)];
    return guarded.length > 0 ? block(`protected unless the policy names it under unprotect: ${guarded.join(", ")}`) : pass("nothing protected is touched");
  },
};

function neverAtAll(input: DecideInput): string | undefined {
  const { plan, view } = input;
  for (const ref of touchedBy(plan)) {
    if (NEVER_CHANGED.includes(ref.kind)) return refText(ref);
    const object = view.find(ref);
    if (object?.kind === "Pod" && isStaticPod(object)) return `static ${refText(ref)}`;
  }
  for (const step of plan.steps) {
    const kind = step.verb === "create" ? step.manifest["kind"] : undefined;
    if (typeof kind === "string" && NEVER_CREATED.test(kind)) return `a new ${kind}`;
  }
  return undefined;
}

function guardedNamespaces({ plan, own, policy }: DecideInput): readonly string[] {
  return namespacesOf(plan)
    .filter((name) => name === own.namespace || matchesAny(PROTECTED_NAMESPACES, name))
    .filter((name) => !matchesAny(policy.spec.unprotect.namespaces, name))
    .map((name) => (name === own.namespace ? `our own namespace ${name}` : `namespace ${name}`));
}

function guardedNodes(input: DecideInput): readonly string[] {
  return touchedBy(input.plan).flatMap((ref) => {
    if (ref.kind !== "Node" || matchesAny(input.policy.spec.unprotect.nodes, ref.name)) return [];
    if (ref.name === input.own.node) return [`the node ${ref.name} that we run on`];
    const node: ClusterObject | undefined = input.view.find(ref);
    return node?.kind === "Node" && isControlPlane(node) ? [`control-plane node ${ref.name}`] : [];
  });
}

function isControlPlane(node: Node): boolean {
  return CONTROL_PLANE.some((key) => node.metadata.labels[key] !== undefined || node.spec.taints.some((taint) => taint.key === key));
}
