import { ClusterError } from "./cluster-error.ts";

/** What a caller may choose about a cluster; everything has a default. */
export interface UpOptions {
  /** Lower-case letters, digits and dashes; names the state folder, network namespace and cgroup. */
  readonly name?: string;
  /** Real nodes: one containerd and one kubelet each. */
  readonly nodes?: number;
  /** Nodes whose pods only look as if they ran (kwok). */
  readonly virtual?: number;
  /** Longest wait before a crashed container starts again, 1 to 300 s; 300 is what Kubernetes does by itself. */
  readonly crashBackoffSeconds?: number;
  /** Which folder go/kubernetes-VERSION is built; KUBERNETES_VERSION of the environment, else the default. */
  readonly kubernetesVersion?: string;
  /** Gets one line for each step. */
  readonly log?: (line: string) => void;
  /** Stops a start in progress; what it had made is removed. */
  readonly signal?: AbortSignal;
}

export type Settings = Required<Omit<UpOptions, "log" | "signal">>;

export const defaultName = "kintsugi-test";
export const defaultKubernetesVersion = "1.34.4";

/** A real node takes an address of the cluster's /28; the host and the control plane take one each. */
const maxRealNodes = 8;
const maxVirtualNodes = 5000;

export function settingsOf(options: UpOptions, env: NodeJS.ProcessEnv = process.env): Settings {
  return {
    name: checkedName(options.name ?? defaultName),
    nodes: integerIn("nodes", options.nodes ?? 2, 1, maxRealNodes),
    virtual: integerIn("virtual", options.virtual ?? 3, 0, maxVirtualNodes),
    crashBackoffSeconds: integerIn("crash-backoff-seconds", options.crashBackoffSeconds ?? 10, 1, 300),
    kubernetesVersion: checkedVersion(options.kubernetesVersion ?? env["KUBERNETES_VERSION"] ?? defaultKubernetesVersion),
  };
}

export function checkedName(name: string): string {
  if (/^[a-z0-9]([a-z0-9-]{0,22}[a-z0-9])?$/.test(name)) return name;
  throw new ClusterError(`cluster name ${JSON.stringify(name)}: use 1 to 24 lower-case letters, digits and dashes, neither first nor last a dash`);
}

function checkedVersion(version: string): string {
  if (/^1\.\d+\.\d+$/.test(version)) return version;
  throw new ClusterError(`Kubernetes version ${JSON.stringify(version)}: write it as ${defaultKubernetesVersion}`);
}

function integerIn(what: string, value: number, low: number, high: number): number {
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  throw new ClusterError(`${what} is ${value}: it must be a whole number from ${low} to ${high}`);
}
