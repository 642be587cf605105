import { existsSync } from "node:fs";
import { ClusterError } from "./cluster-error.ts";
import { realNodeNames, startKubelet, stopKubelet } from "./node.ts";
import { checkedName, type UpOptions } from "./options.ts";
import { clusterPaths } from "./paths.ts";
import { isAlive } from "./process-identity.ts";
import { type NetworkedRecord, readRecord } from "./record.ts";
import { startCluster } from "./up.ts";
import { virtualNodeNames } from "./virtual-nodes.ts";

export { ClusterError } from "./cluster-error.ts";
export { down } from "./down.ts";
export type { UpOptions } from "./options.ts";

/** A running cluster; any process of the same user may hold one, all it needs is on disk. */
export interface Cluster {
  readonly name: string;
  readonly kubernetesVersion: string;
  /** Admin of the cluster; certificates are inside, so the file may be copied. */
  readonly kubeconfigPath: string;
  /** One JSON event a line for every write, in the file before the writer has its answer. */
  readonly auditLogPath: string;
  readonly realNodes: readonly string[];
  readonly virtualNodes: readonly string[];
  /** Ends the kubelet of a real node; about 20 s later the node is NotReady. Its containers go on. */
  stopKubelet(node: string): Promise<void>;
  /** Starts it again; does nothing when it runs. */
  startKubelet(node: string): Promise<void>;
}

/** Starts a cluster and returns it when every node is Ready. */
export async function up(options: UpOptions = {}): Promise<Cluster> {
  return open(await startCluster(options));
}

/** A cluster that was started before, by this process or another. */
export function open(name: string): Cluster {
  const paths = clusterPaths(checkedName(name));
  const record = runningRecord(name);
  const realNodes = realNodeNames(record.settings.nodes);
  const checked = (node: string): string => {
    if (realNodes.includes(node)) return node;
    throw new ClusterError(`no real node ${node} in cluster ${name}; there are ${realNodes.join(", ")}`);
  };
  return {
    name,
    kubernetesVersion: record.settings.kubernetesVersion,
    kubeconfigPath: paths.kubeconfig,
    auditLogPath: paths.auditLog,
    realNodes,
    virtualNodes: virtualNodeNames(record.settings.virtual),
    stopKubelet: (node) => stopKubelet(paths, checked(node)),
    startKubelet: (node) => startKubelet(paths, runningRecord(name), checked(node)),
  };
}

function runningRecord(name: string): NetworkedRecord {
  const paths = clusterPaths(checkedName(name));
  const record = existsSync(paths.root) ? readRecord(paths) : undefined;
  if (record === undefined) throw new ClusterError(`no cluster ${name} in ${paths.clusters}`);
  const { network } = record;
  if (network === undefined || record.phase !== "running") {
    const state = isAlive(record.starter) ? "is still starting" : "was never up: its start was killed; take it down";
    throw new ClusterError(`cluster ${name} ${state}`);
  }
  return { ...record, network };
}
