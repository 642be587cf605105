import { readdirSync } from "node:fs";
import { join } from "node:path";
import { ClusterError } from "./cluster-error.ts";
import { clusterNamespace, startDaemon } from "./daemon.ts";
import { KubeApi } from "./kube-api.ts";
import { virtualPodRange } from "./network.ts";
import type { ClusterPaths } from "./paths.ts";
import { kubeconfigOf } from "./pki.ts";
import type { NetworkedRecord } from "./record.ts";

export const virtualNodesRole = "kwok";

export const virtualNodeNames = (count: number): string[] => Array.from({ length: count }, (_, index) => `vnode-${index}`);

/** Starts kwok and registers the virtual nodes; pods that are bound to one are Running at once. */
export async function startVirtualNodes(paths: ClusterPaths, record: NetworkedRecord): Promise<void> {
  const folder = record.binaries.kwok;
  const stages = readdirSync(folder).filter((file) => file.endsWith(".yaml"));
  await startDaemon(paths, record, {
    role: virtualNodesRole,
    file: join(folder, "kwok"),
    args: [
      `--kubeconfig=${kubeconfigOf(paths, "kwok")}`,
      ...stages.map((file) => `--config=${join(folder, file)}`),
      "--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake",
      `--cidr=${virtualPodRange}`,
      `--node-ip=${record.network.net.apiAddress}`,
      "--node-lease-duration-seconds=40",
    ],
    // It would read a user's own stages otherwise.
    env: { ...process.env, HOME: paths.config },
    enter: clusterNamespace(record),
  });
  const api = new KubeApi(paths, record.network.net);
  for (const name of virtualNodeNames(record.settings.virtual)) await register(api, name);
}

async function register(api: KubeApi, name: string): Promise<void> {
  const answer = await api.post("/api/v1/nodes", virtualNode(name));
  if (answer.status !== 201) throw new ClusterError(`virtual node ${name} was refused: ${answer.body}`);
}

/** A node as kwok makes them: marked, and tainted so that only pods which ask for it land there. */
export function virtualNode(name: string) {
  const size = { cpu: "32", memory: "256Gi", pods: "110" };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      annotations: { "kwok.x-k8s.io/node": "fake", "node.alpha.kubernetes.io/ttl": "0" },
      labels: {
        "kwok.x-k8s.io/node": "fake",
        type: "kwok",
        "kubernetes.io/arch": process.arch === "arm64" ? "arm64" : "amd64",
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/role": "agent",
        "node-role.kubernetes.io/agent": "",
      },
    },
    spec: { taints: [{ key: "kwok.x-k8s.io/node", value: "fake", effect: "NoSchedule" }] },
    status: { allocatable: size, capacity: size, phase: "Running" },
  } as const;
}
