import { join } from "node:path";
import { clusterNamespace, startDaemon } from "./daemon.ts";
import type { ClusterPaths } from "./paths.ts";
import { kubeconfigOf } from "./pki.ts";
import type { NetworkedRecord } from "./record.ts";

export const serviceProxyRole = "kube-proxy";

/** One kube-proxy writes the rules of every node: they share the namespace. */
export async function startServiceProxy(paths: ClusterPaths, record: NetworkedRecord): Promise<void> {
  await startDaemon(paths, record, {
    role: serviceProxyRole,
    file: join(record.binaries.kubernetes, "kube-proxy"),
    args: [
      `--kubeconfig=${kubeconfigOf(paths, "kube-proxy")}`,
      "--hostname-override=node-0",
      "--proxy-mode=iptables",
      // The limit is the machine's, not the namespace's.
      "--conntrack-max-per-core=0",
    ],
    enter: clusterNamespace(record),
  });
}
