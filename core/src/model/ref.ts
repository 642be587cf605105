/**
 * Names of things in a cluster.
 *
 * A `Ref` names one object at one moment: with `uid` it means exactly that
 * incarnation, without it whatever carries the name now.
 */
export interface Ref {
  readonly kind: Kind;
  /** Empty for cluster-scoped objects. */
  readonly namespace: string;
  readonly name: string;
  readonly uid?: string;
}

/** Every kind that the engine observes. Secrets are not among them and must never be. */
export const KINDS = [
  "Namespace",
  "Node",
  "Pod",
  "Deployment",
  "ReplicaSet",
  "StatefulSet",
  "DaemonSet",
  "ControllerRevision",
  "Job",
  "CronJob",
  "Service",
  "EndpointSlice",
  "ConfigMap",
  "PersistentVolumeClaim",
  "ResourceQuota",
  "LimitRange",
  "PodDisruptionBudget",
  "HorizontalPodAutoscaler",
  "Event",
  "Application",
  "ClusterVersion",
  "MachineConfigPool",
] as const;
export type Kind = (typeof KINDS)[number];

/** API group and version, plural resource and scope of each kind, as the API server names them. */
export const RESOURCES: Readonly<Record<Kind, Resource>> = {
  Namespace: resource("", "v1", "namespaces", false),
  Node: resource("", "v1", "nodes", false),
  Pod: resource("", "v1", "pods", true),
  Deployment: resource("apps", "v1", "deployments", true),
  ReplicaSet: resource("apps", "v1", "replicasets", true),
  StatefulSet: resource("apps", "v1", "statefulsets", true),
  DaemonSet: resource("apps", "v1", "daemonsets", true),
  ControllerRevision: resource("apps", "v1", "controllerrevisions", true),
  Job: resource("batch", "v1", "jobs", true),
  CronJob: resource("batch", "v1", "cronjobs", true),
  Service: resource("", "v1", "services", true),
  EndpointSlice: resource("discovery.k8s.io", "v1", "endpointslices", true),
  ConfigMap: resource("", "v1", "configmaps", true),
  PersistentVolumeClaim: resource("", "v1", "persistentvolumeclaims", true),
  ResourceQuota: resource("", "v1", "resourcequotas", true),
  LimitRange: resource("", "v1", "limitranges", true),
  PodDisruptionBudget: resource("policy", "v1", "poddisruptionbudgets", true),
  HorizontalPodAutoscaler: resource("autoscaling", "v2", "horizontalpodautoscalers", true),
  Event: resource("", "v1", "events", true),
  Application: resource("argoproj.io", "v1alpha1", "applications", true),
  ClusterVersion: resource("config.openshift.io", "v1", "clusterversions", false),
  MachineConfigPool: resource("machineconfiguration.openshift.io", "v1", "machineconfigpools", false),
};

/** Kinds whose API may be absent from a cluster: absence is proven by discovery, not assumed. */
export const OPTIONAL_KINDS: readonly Kind[] = ["Application", "ClusterVersion", "MachineConfigPool"];

export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

function resource(group: string, version: string, plural: string, namespaced: boolean): Resource {
  return { group, version, plural, namespaced };
}

/** A Ref, or something that is named like one and never observed. */
interface Named {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** `Kind/namespace/name`, or `Kind//name` for cluster-scoped objects: the identity used as map key everywhere. */
export function refKey(ref: Named): string {
  return `${ref.kind}/${ref.namespace}/${ref.name}`;
}

/** How a person writes it: `Deployment shop/cart`, `Node worker-1`. */
export function refText(ref: Named): string {
  return ref.namespace === "" ? `${ref.kind} ${ref.name}` : `${ref.kind} ${ref.namespace}/${ref.name}`;
}

/** Reads `Kind/namespace/name` back. Returns undefined when the text is not such a key. */
export function parseRefKey(key: string): Ref | undefined {
  const [kind, namespace, name, ...rest] = key.split("/");
  if (kind === undefined || namespace === undefined || name === undefined || rest.length > 0) return undefined;
  const known = KINDS.find((k) => k === kind);
  return known === undefined || name === "" ? undefined : { kind: known, namespace, name };
}

export function sameRef(a: Ref, b: Ref): boolean {
  return a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;
}

/** `apiVersion` as manifests write it. */
export function apiVersion(kind: Kind): string {
  const { group, version } = RESOURCES[kind];
  return group === "" ? version : `${group}/${version}`;
}
