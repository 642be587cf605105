/**
 * Which layer of the stack something belongs to: infrastructure carries the platform, the platform carries applications.
 *
 * The object's kind decides where it is known. Text is looked at word by word, never for parts of words: `postgres` is not an `os` and `node.js`
 * not a node. What neither tells is `unknown`.
 */
export const LAYERS = ["infrastructure", "platform", "application"] as const;
export type KnownLayer = (typeof LAYERS)[number];
export type Layer = KnownLayer | "unknown";

const KINDS_OF: Readonly<Record<KnownLayer, readonly string[]>> = {
  infrastructure: ["node", "machineconfig", "machineconfigpool", "persistentvolume"],
  platform: ["clusteroperator", "clusterversion", "networkpolicy", "ingresscontroller", "storageclass", "application"],
  application: ["pod", "deployment", "statefulset", "daemonset", "replicaset", "job", "cronjob", "service"],
};

/** Words, or several in a row, in lower case. */
const WORDS_OF: Readonly<Record<KnownLayer, readonly string[]>> = {
  infrastructure: [
    ...["node", "nodes", "machineconfig", "mco", "kubelet", "memory pressure", "memorypressure", "disk pressure", "diskpressure", "pid pressure"],
    ...["pidpressure", "os", "kernel", "systemd", "coreos", "notready", "networkunavailable"],
  ],
  platform: [
    ...["operator", "operators", "sdn", "networking", "ovn", "storage", "csi", "ingress", "router", "api server", "apiserver", "controller manager"],
    ...["scheduler", "clusteroperator", "degraded", "progressing"],
  ],
  application: [
    ...["pod", "pods", "deployment", "replicaset", "statefulset", "daemonset", "crashloop", "crashloopbackoff", "imagepull", "imagepullbackoff"],
    ...["container", "containers", "oom", "oomkilled", "application", "service", "endpoint", "endpoints"],
  ],
};

/** The layer of an object, by its kind, else by what is said of it. */
export function layerOf({ kind, issue }: { readonly kind: string; readonly issue: string }): Layer {
  return layerOfKind(kind) ?? layersIn(issue)[0] ?? "unknown";
}

/** Undefined where the kind does not tell. */
export function layerOfKind(kind: string): KnownLayer | undefined {
  const lower = kind.toLowerCase();
  const known = LAYERS.find((layer) => KINDS_OF[layer].includes(lower));
  return known ?? (/operator$/.test(lower) ? "platform" : undefined);
}

/** Every layer that a text speaks of, the lowest first. */
export function layersIn(text: string): readonly KnownLayer[] {
  // A dot, dash or underscore inside belongs to the word: it is a name (node.js, os-release, my_service).
  const words = ` ${(text.toLowerCase().match(/[\p{L}\p{N}]+(?:[.\-_/:@][\p{L}\p{N}]+)*/gu) ?? []).join(" ")} `;
  return LAYERS.filter((layer) => WORDS_OF[layer].some((word) => words.includes(` ${word} `)));
}

/** The lowest of these: what lies below is mended first. */
export function lowest(layers: readonly Layer[]): Layer {
  return LAYERS.find((layer) => layers.includes(layer)) ?? "unknown";
}
