import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where the go.mod folders of the programs are. */
export const goFolder = fileURLToPath(new URL("../go", import.meta.url));

export const installScript = fileURLToPath(new URL("../install-debian.sh", import.meta.url));

export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "kintsugi", "cluster");
}

function stateFolder(env: NodeJS.ProcessEnv): string {
  return join(env["XDG_STATE_HOME"] || join(homedir(), ".local", "state"), "kintsugi");
}

/** Everything that a cluster keeps on disk lies under clusterPaths(name).root. */
export function clusterPaths(name: string, env: NodeJS.ProcessEnv = process.env) {
  const clusters = join(stateFolder(env), "clusters");
  const root = join(clusters, name);
  return {
    clusters,
    root,
    record: join(root, "cluster.json"),
    processes: join(root, "processes"),
    pki: join(root, "pki"),
    config: join(root, "config"),
    logs: join(root, "logs"),
    etcd: join(root, "etcd"),
    images: join(root, "images"),
    kubeconfig: join(root, "kubeconfig"),
    auditLog: join(root, "logs", "audit.log"),
    /** Logs of the last start of this name that failed; the cluster's own folder is removed. */
    failedLogs: join(stateFolder(env), "failed", name),
  };
}

export type ClusterPaths = ReturnType<typeof clusterPaths>;

export function nodePaths(cluster: ClusterPaths, node: string) {
  const root = join(cluster.root, "nodes", node);
  return {
    root,
    containerdConfig: join(root, "containerd.toml"),
    containerdRoot: join(root, "containerd"),
    containerdState: join(root, "run"),
    socket: join(root, "containerd.sock"),
    /** Mounted over /run/containerd for this node only: shim sockets. */
    shims: join(root, "shims"),
    /** Mounted over /var/log/containers for this node only: links that the kubelet makes. */
    logLinks: join(root, "log-links"),
    cniConfig: join(root, "cni"),
    kubeletConfig: join(root, "kubelet.json"),
    /** Mounted over /var/lib/kubelet for this node only. */
    kubeletRoot: join(root, "kubelet"),
    podLogs: join(root, "pod-logs"),
    resolvConf: join(root, "resolv.conf"),
  };
}

export type NodePaths = ReturnType<typeof nodePaths>;
