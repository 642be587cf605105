/** Since when a node is cordoned, and what on it or around it says why. */

import { counted } from "./counted.ts";
import { conditionOf, type Node } from "./kube.ts";
import { isTerminating } from "./pod-state.ts";
import { timeOf } from "./time.ts";
import type { View } from "./view.ts";

const CORDON_TAINT = "node.kubernetes.io/unschedulable";

/** When the cordon began, ms: the taint's own time, else that of whoever set the field. Undefined when neither says. */
export function cordonedAt(node: Node): number | undefined {
  const taint = timeOf(node.spec.taints.find((t) => t.key === CORDON_TAINT)?.timeAdded);
  if (taint !== undefined) return taint;
  const times = node.metadata.managers.filter((m) => m.paths.includes("/spec/unschedulable")).map((m) => timeOf(m.time));
  return times.filter((time) => time !== undefined).at(-1);
}

/** Who set the field, for people; empty when managedFields do not say. */
export function cordonedBy(node: Node): string {
  return node.metadata.managers.findLast((m) => m.paths.includes("/spec/unschedulable"))?.manager ?? "";
}

/** Taints and annotations with which autoscalers, upgraders and maintenance tools mark a node that they have taken out. */
const REASON_KEY =
  /(ToBeDeletedByClusterAutoscaler|DeletionCandidateOfClusterAutoscaler|karpenter\.sh\/disrupt|medik8s\.io|kured|maintenance|drain|upgrade|reboot|out-of-service|decommission|hibernat)/i;
/** OpenShift keeps these on every node, also in quiet times; only the state tells. */
const MACHINE_CONFIG = /^machineconfiguration\.openshift\.io\//;
const MACHINE_CONFIG_STATE = "machineconfiguration.openshift.io/state";

/** The reason that is written on the node itself, or undefined. */
export function cordonReason(node: Node): string | undefined {
  const taint = node.spec.taints.find((t) => REASON_KEY.test(t.key));
  if (taint !== undefined) return `taint ${taint.key}`;
  for (const [key, value] of Object.entries(node.metadata.annotations)) {
    if (MACHINE_CONFIG.test(key)) {
      if (key === MACHINE_CONFIG_STATE && value !== "Done") return `annotation ${key}=${value}`;
    } else if (REASON_KEY.test(key) && value !== "" && value !== "false") return `annotation ${key}`;
  }
  return undefined;
}

/** Work that is under way: pods leaving this node, or an upgrade of the cluster. Undefined when there is none. */
export function workUnderWay(node: Node, view: View): string | undefined {
  const leaving = view.podsOnNode(node.metadata.name).filter(isTerminating);
  if (leaving.length > 0) return `${counted(leaving.length, "pod is", "pods are")} leaving it`;
  if (view.all("ClusterVersion").some((version) => conditionOf(version.status.conditions, "Progressing")?.status === "True"))
    return "a cluster upgrade is in progress";
  const updating = view.all("MachineConfigPool").find((pool) => conditionOf(pool.status.conditions, "Updating")?.status === "True");
  return updating === undefined ? undefined : `MachineConfigPool ${updating.metadata.name} is updating`;
}
