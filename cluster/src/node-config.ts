import { dnsServiceAddress, podRange } from "./network.ts";
import type { NodePaths } from "./paths.ts";

export const cniPlugins = "/usr/lib/cni";

/** The containerd configuration of one node. */
export function containerdConfig(node: NodePaths): string {
  const text = JSON.stringify;
  return `version = 2
root = ${text(node.containerdRoot)}
state = ${text(node.containerdState)}

[grpc]
address = ${text(node.socket)}

[plugins."io.containerd.internal.v1.opt"]
path = ${text(`${node.root}/opt`)}

[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "localhost/pause:1"
# Without CAP_SYS_RESOURCE no process may lower its score.
restrict_oom_score_adj = true
disable_apparmor = true
netns_mounts_under_state_dir = true

[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = ${text(cniPlugins)}
conf_dir = ${text(node.cniConfig)}

[plugins."io.containerd.grpc.v1.cri".containerd]
snapshotter = "overlayfs"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
SystemdCgroup = false
`;
}

/**
 * Pods of every node hang on one bridge. The address book (dataDir) is the cluster's: nodes share it,
 * clusters do not.
 */
export function cniConfig(clusterName: string, addressBook: string): string {
  return JSON.stringify({
    cniVersion: "0.4.0",
    name: `kintsugi-${clusterName}`,
    plugins: [
      {
        type: "bridge",
        bridge: "cni0",
        isGateway: true,
        ipMasq: false,
        hairpinMode: true,
        ipam: {
          type: "host-local",
          ranges: [[{ subnet: podRange }]],
          routes: [{ dst: "0.0.0.0/0" }],
          dataDir: addressBook,
        },
      },
      { type: "portmap", capabilities: { portMappings: true } },
    ],
  });
}

export interface KubeletChoices {
  readonly address: string;
  readonly cgroup: string;
  readonly clientCa: string;
  readonly certificate: string;
  readonly key: string;
  readonly crashBackoffSeconds: number;
}

/** The kubelet configuration of one node; JSON is YAML. */
export function kubeletConfig(node: NodePaths, choices: KubeletChoices): string {
  const config = {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    address: choices.address,
    healthzBindAddress: choices.address,
    tlsCertFile: choices.certificate,
    tlsPrivateKeyFile: choices.key,
    authentication: { anonymous: { enabled: false }, webhook: { enabled: true }, x509: { clientCAFile: choices.clientCa } },
    authorization: { mode: "Webhook" },
    containerRuntimeEndpoint: `unix://${node.socket}`,
    cgroupDriver: "cgroupfs",
    cgroupRoot: `/${choices.cgroup}`,
    failCgroupV1: false,
    failSwapOn: false,
    oomScoreAdj: 0,
    enforceNodeAllocatable: ["none"],
    // Images come from files: one that is collected can not be pulled again.
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
    evictionHard: { "memory.available": "100Mi", "nodefs.available": "1%", "imagefs.available": "1%" },
    podLogsDir: node.podLogs,
    resolvConf: node.resolvConf,
    clusterDomain: "cluster.local",
    // Nobody answers there; without an address every pod would get a warning event.
    clusterDNS: [dnsServiceAddress],
    nodeStatusUpdateFrequency: "4s",
    nodeLeaseDurationSeconds: 12,
    featureGates: { KubeletCrashLoopBackOffMax: true },
    crashLoopBackOff: { maxContainerRestartPeriod: `${choices.crashBackoffSeconds}s` },
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}

/** Where cAdvisor looks up the names of containers for its metrics; from 1.37 on the kubelet has no such flag and asks the runtime itself. */
export function cadvisorFlags(kubernetesVersion: string, socket: string): string[] {
  const minor = Number(kubernetesVersion.split(".")[1]);
  return minor < 37 ? [`--containerd=${socket}`] : [];
}
