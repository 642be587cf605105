/** Something that is built from a folder of cluster/go. */
export interface Component {
  readonly folder: string;
  readonly packages: readonly string[];
  readonly ldflags: string;
  /** Files of a module that are needed beside its program. */
  readonly moduleFiles?: { readonly module: string; readonly files: readonly string[] };
}

/** How kwok lets virtual nodes and pods live: a pod bound to a virtual node is Running at once. */
const kwokStages = [
  "kustomize/stage/node/fast/node-initialize.yaml",
  "kustomize/stage/node/heartbeat-with-lease/node-heartbeat-with-lease.yaml",
  "kustomize/stage/pod/fast/pod-ready.yaml",
  "kustomize/stage/pod/fast/pod-complete.yaml",
  "kustomize/stage/pod/fast/pod-delete.yaml",
];

export function components(kubernetesVersion: string) {
  return {
    etcd: { folder: "etcd", packages: ["."], ldflags: "-s -w" },
    kwok: {
      folder: "kwok",
      packages: ["sigs.k8s.io/kwok/cmd/kwok"],
      ldflags: "-s -w",
      moduleFiles: { module: "sigs.k8s.io/kwok", files: kwokStages },
    },
    kubernetes: {
      folder: `kubernetes-${kubernetesVersion}`,
      packages: ["kube-apiserver", "kube-controller-manager", "kube-proxy", "kube-scheduler", "kubelet"].map((program) => `k8s.io/kubernetes/cmd/${program}`),
      ldflags: kubernetesFlags(kubernetesVersion),
    },
  } satisfies Record<string, Component>;
}

/**
 * Without these the programs call themselves v0.0.0-master and clients refuse them. The second package is what
 * they write into the user agent of their requests, and so into the audit log.
 */
function kubernetesFlags(version: string): string {
  const [major, minor] = version.split(".");
  const values = { gitVersion: `v${version}`, gitMajor: major, gitMinor: minor, gitCommit: "published" };
  const set = ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"].flatMap((target) =>
    Object.entries(values).map(([key, value]) => `-X ${target}.${key}=${value}`),
  );
  return ["-s -w", ...set].join(" ");
}
