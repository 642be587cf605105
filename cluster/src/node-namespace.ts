import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ClusterError } from "./cluster-error.ts";
import { clusterNamespace, startDaemon } from "./daemon.ts";
import { execute } from "./execute.ts";
import type { ClusterPaths, NodePaths } from "./paths.ts";
import { isAlive } from "./process-identity.ts";
import { type NetworkedRecord, readProcess } from "./record.ts";
import { waitUntil } from "./wait.ts";

/**
 * A node has a mount namespace of its own, which a sleeping process holds open: what containerd and the kubelet
 * mount is seen by them only and ends with them, and paths that they take as given (/var/lib/kubelet for device
 * plugins, /run/containerd for shims, a few kernel settings, name servers) are the node's own.
 */
export const holderRole = (node: string): string => `namespaces-${node}`;

const kernelSettings = ["vm/overcommit_memory", "vm/panic_on_oom", "kernel/panic", "kernel/panic_on_oops"];

export async function startNodeNamespace(paths: ClusterPaths, record: NetworkedRecord, node: string, own: NodePaths): Promise<void> {
  const holder = await startDaemon(paths, record, {
    role: holderRole(node),
    file: "unshare",
    args: ["--mount", "--propagation", "slave", "--", "sleep", "infinity"],
    enter: clusterNamespace(record),
  });
  // unshare becomes sleep once its mounts no longer reach the machine's.
  await waitUntil({ what: `the mount namespace of ${node}`, timeoutMs: 5_000, everyMs: 10 }, () => {
    return readFileSync(`/proc/${holder.pid}/comm`, "utf8").trim() === "sleep";
  });
  const enter = nodeNamespace(paths, node);
  const bind = (from: string, to: string) => execute("nsenter", [...enter, "--", "mount", "--bind", from, to]);
  for (const [from, to] of [
    [own.kubeletRoot, "/var/lib/kubelet"],
    [own.logLinks, "/var/log/containers"],
    [own.shims, "/run/containerd"],
  ] as const) {
    mkdirSync(from, { recursive: true });
    mkdirSync(to, { recursive: true });
    await bind(from, to);
  }
  for (const setting of kernelSettings) {
    const copy = join(own.root, setting.replace("/", "."));
    if (!copyKernelSetting(setting, copy)) continue;
    await bind(copy, join("/proc/sys", setting));
  }
  // No name is ever asked of the machine's own name servers.
  if (existsSync("/etc/resolv.conf")) await bind(own.resolvConf, "/etc/resolv.conf");
}

/** The size of a file in /proc is 0, so that copying it as a file copies nothing. */
function copyKernelSetting(setting: string, copy: string): boolean {
  const kernel = join("/proc/sys", setting);
  if (!existsSync(kernel)) return false;
  writeFileSync(copy, readFileSync(kernel));
  return true;
}

/** nsenter words for a node's network and mounts. */
export function nodeNamespace(paths: ClusterPaths, node: string): string[] {
  const holder = readProcess(paths, holderRole(node));
  if (holder === undefined || !isAlive(holder)) {
    throw new ClusterError(`node ${node} is gone: the process that holds its namespaces ended; take the cluster down`);
  }
  return ["--target", String(holder.pid), "--mount", "--net"];
}
