import { existsSync, readFileSync, rmSync } from "node:fs";
import { killAll, removeCgroups } from "./cgroups.ts";
import { controlPlaneRoles } from "./control-plane.ts";
import { stopDaemon } from "./daemon.ts";
import { execute } from "./execute.ts";
import { mountsBelow } from "./mounts.ts";
import { removeNetwork } from "./network.ts";
import { kubeletRole, realNodeNames } from "./node.ts";
import { checkedName } from "./options.ts";
import { type ClusterPaths, clusterPaths } from "./paths.ts";
import { type ClusterRecord, readRecord, recordedProcesses } from "./record.ts";
import { serviceProxyRole } from "./service-proxy.ts";
import { virtualNodesRole } from "./virtual-nodes.ts";

/** Removes everything that a cluster made, running or not; does nothing when there is no such cluster. */
export async function down(name: string, log: (line: string) => void = () => {}): Promise<void> {
  const paths = clusterPaths(checkedName(name));
  if (!existsSync(paths.root)) {
    log(`no cluster ${name}`);
    return;
  }
  const record = readRecord(paths);
  if (record !== undefined) await stopEverything(paths, record);
  for (const { role } of recordedProcesses(paths)) await stopDaemon(paths, role, 1_000);
  for (const mount of mountsBelow(paths.root, readFileSync("/proc/mounts", "utf8"))) {
    await execute("umount", ["--lazy", mount]);
  }
  rmSync(paths.root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  log(`removed cluster ${name}`);
}

/**
 * Kubelets first, or they would start again what is killed after them. The containers and their shims are
 * found by cgroup: nobody else is in there.
 */
async function stopEverything(paths: ClusterPaths, record: ClusterRecord): Promise<void> {
  const nodes = realNodeNames(record.settings.nodes);
  const first = [...nodes.map(kubeletRole), serviceProxyRole, virtualNodesRole];
  await Promise.all(first.map((role) => stopDaemon(paths, role, 2_000)));
  for (const node of nodes) await killAll(`${record.cgroup}/${node}`);
  for (const role of controlPlaneRoles) await stopDaemon(paths, role, 500);
  await killAll(record.cgroup);
  await removeCgroups(record.cgroup);
  if (record.network !== undefined) await removeNetwork(record.network);
}
