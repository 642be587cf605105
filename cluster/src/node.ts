import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { assertRunning, startDaemon, stopDaemon } from "./daemon.ts";
import { execute } from "./execute.ts";
import { KubeApi } from "./kube-api.ts";
import { cadvisorFlags, cniConfig, containerdConfig, kubeletConfig } from "./node-config.ts";
import { nodeNamespace, startNodeNamespace } from "./node-namespace.ts";
import { type ClusterPaths, nodePaths } from "./paths.ts";
import { kubeconfigOf, type NodeName, pkiFile } from "./pki.ts";
import { isAlive } from "./process-identity.ts";
import { type NetworkedRecord, readProcess } from "./record.ts";
import { nodeAddress } from "./subnets.ts";
import { waitUntil } from "./wait.ts";

const containerdRole = (node: string): string => `containerd-${node}`;
export const kubeletRole = (node: string): string => `kubelet-${node}`;

export const realNodeNames = (count: number): string[] => Array.from({ length: count }, (_, index) => `node-${index}`);

export function realNodes(record: NetworkedRecord): NodeName[] {
  return realNodeNames(record.settings.nodes).map((name, index) => ({
    name,
    address: nodeAddress(record.network.net, index),
  }));
}

/** Starts containerd with the given images and a kubelet; returns before the node is Ready. */
export async function startNode(paths: ClusterPaths, record: NetworkedRecord, node: NodeName, images: readonly string[]): Promise<void> {
  const own = nodePaths(paths, node.name);
  writeConfigs(paths, record, node);
  await startNodeNamespace(paths, record, node.name, own);
  await startDaemon(paths, record, {
    role: containerdRole(node.name),
    file: "containerd",
    args: ["--config", own.containerdConfig],
    enter: nodeNamespace(paths, node.name),
  });
  await waitUntil({ what: `containerd of ${node.name}`, timeoutMs: 30_000, everyMs: 100 }, () => {
    assertRunning(paths, containerdRole(node.name));
    return containerdAnswers(own.socket);
  });
  for (const image of images) {
    await execute("ctr", ["--address", own.socket, "--namespace", "k8s.io", "images", "import", image]);
  }
  await startKubelet(paths, record, node.name);
}

export async function startKubelet(paths: ClusterPaths, record: NetworkedRecord, node: string): Promise<void> {
  const running = readProcess(paths, kubeletRole(node));
  if (running !== undefined && isAlive(running)) return;
  const own = nodePaths(paths, node);
  const address = realNodes(record).find(({ name }) => name === node)?.address ?? "";
  await startDaemon(paths, record, {
    role: kubeletRole(node),
    file: join(record.binaries.kubernetes, "kubelet"),
    args: [
      `--config=${own.kubeletConfig}`,
      `--kubeconfig=${kubeconfigOf(paths, node)}`,
      `--hostname-override=${node}`,
      `--node-ip=${address}`,
      "--root-dir=/var/lib/kubelet",
      ...cadvisorFlags(record.settings.kubernetesVersion, own.socket),
    ],
    enter: nodeNamespace(paths, node),
  });
}

/** The kubelet ends and says nothing to the API server, as when a machine hangs; its containers go on. */
export async function stopKubelet(paths: ClusterPaths, node: string): Promise<void> {
  await stopDaemon(paths, kubeletRole(node), 3_000);
}

export async function waitForNodes(paths: ClusterPaths, record: NetworkedRecord, names: readonly string[], signal?: AbortSignal): Promise<void> {
  const api = new KubeApi(paths, record.network.net);
  const waiting = new Set(names);
  const isReal = new Set(realNodes(record).map(({ name }) => name));
  const what = `nodes to be Ready; the logs of kubelets, containerd and kwok are in ${paths.logs}`;
  await waitUntil({ what, timeoutMs: 120_000, everyMs: 300, signal }, async () => {
    for (const name of waiting) if (isReal.has(name)) assertRunning(paths, kubeletRole(name));
    for (const node of await api.nodes()) if (node.ready) waiting.delete(node.name);
    return waiting.size === 0;
  });
}

async function containerdAnswers(socket: string): Promise<boolean> {
  if (!existsSync(socket)) return false;
  return execute("ctr", ["--address", socket, "version"]).then(
    () => true,
    () => false,
  );
}

function writeConfigs(paths: ClusterPaths, record: NetworkedRecord, { name, address }: NodeName): void {
  const own = nodePaths(paths, name);
  for (const folder of [own.root, own.cniConfig, own.podLogs]) mkdirSync(folder, { recursive: true });
  writeFileSync(own.resolvConf, "");
  writeFileSync(own.containerdConfig, containerdConfig(own));
  writeFileSync(join(own.cniConfig, "10-kintsugi.conflist"), cniConfig(record.settings.name, join(paths.root, "addresses")));
  const choices = {
    address,
    cgroup: `${record.cgroup}/${name}`,
    clientCa: pkiFile(paths, "ca.crt"),
    certificate: pkiFile(paths, `${name}.crt`),
    key: pkiFile(paths, `${name}.key`),
    crashBackoffSeconds: record.settings.crashBackoffSeconds,
  };
  writeFileSync(own.kubeletConfig, kubeletConfig(own, choices));
}
