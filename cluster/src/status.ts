import { open } from "./index.ts";
import { KubeApi } from "./kube-api.ts";
import { clusterPaths } from "./paths.ts";
import { readRecord, recordedProcesses } from "./record.ts";

/** What a person wants to know about a cluster, a line each; whether all of it is well. */
export async function status(name: string): Promise<{ lines: string[]; well: boolean }> {
  const cluster = open(name);
  const paths = clusterPaths(name);
  const processes = recordedProcesses(paths);
  const net = readRecord(paths)?.network?.net;
  const nodes = net === undefined ? [] : await new KubeApi(paths, net).nodes();
  return {
    lines: [
      `cluster     ${name}, Kubernetes ${cluster.kubernetesVersion}`,
      `kubeconfig  ${cluster.kubeconfigPath}`,
      `audit log   ${cluster.auditLogPath}`,
      `logs        ${paths.logs}`,
      ...processes.map(({ role, alive }) => `process     ${role}: ${alive ? "running" : "ended"}`),
      ...nodes.map((node) => `node        ${node.name}: ${node.ready ? "Ready" : "NotReady"}`),
      ...(nodes.length === 0 ? ["node        the API server does not answer"] : []),
    ],
    well: nodes.length > 0 && nodes.every((node) => node.ready) && processes.every((process) => process.alive),
  };
}
