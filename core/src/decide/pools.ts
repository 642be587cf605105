/** Which nodes belong together: an upgrade goes through one pool at a time, and a share of nodes is a share of a pool. */
import type { Node } from "../model/kube.ts";

/** Labels by which providers name a pool, the more telling first. */
const POOL_LABELS = [
  "cloud.google.com/gke-nodepool",
  "eks.amazonaws.com/nodegroup",
  "kubernetes.azure.com/agentpool",
  "karpenter.sh/nodepool",
  "doks.digitalocean.com/node-pool",
  "node.cluster.x-k8s.io/deployment-name",
] as const;
const ROLE = "node-role.kubernetes.io/";

/** `label=value` of the provider's pool, else the node's roles (OpenShift's pools are made by role), else empty: all such nodes are one pool. */
export function poolOf(node: Node): string {
  const { labels } = node.metadata;
  const label = POOL_LABELS.find((key) => labels[key] !== undefined);
  if (label !== undefined) return `${label}=${labels[label]}`;
  const roles = Object.keys(labels).filter((key) => key.startsWith(ROLE));
  return roles
    .map((key) => key.slice(ROLE.length))
    .sort()
    .join(",");
}

export function poolText(pool: string): string {
  return pool === "" ? "the nodes without a role" : `the pool ${pool}`;
}

/** Major and minor version, or undefined for what is no kubelet's version (virtual nodes). */
export function minorVersion(kubeletVersion: string): string | undefined {
  return /^v?(\d+\.\d+)\.\d+/.exec(kubeletVersion)?.[1];
}
