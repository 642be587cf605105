/** Drafts of ordinary objects, as somebody's manifests would hold them. */
import type { Container, Job, PodSpec, PodTemplate, Probe, Quantities, Taint, Toleration, Volume } from "@kintsugi/core";
import { controllerActor, person } from "../api/actor.ts";
import type { Draft } from "../api/draft.ts";
import { HEALTHY_NODE } from "../controllers/conditions.ts";
import { isoTime } from "../world/time.ts";
import type { World } from "../world/world.ts";

/** Who sets a cluster up. */
export const ADMIN = person("cluster-admin", "kubectl-client-side-apply");
const INSTALLER = controllerActor("installer");

export interface NodeShape {
  readonly name: string;
  readonly zone?: string;
  readonly cpu?: string;
  readonly memory?: string;
  readonly pods?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly Taint[];
}

export function addNode(world: World, shape: NodeShape): void {
  const { name, zone = "zone-a", cpu = "4", memory = "16Gi", pods = "110" } = shape;
  const time = isoTime(world.timeline.now());
  const conditions = HEALTHY_NODE.map((text) => ({ ...text, lastTransitionTime: time }));
  const quantities: Quantities = { cpu, memory, pods, "ephemeral-storage": "100Gi" };
  world.api.create(INSTALLER, {
    kind: "Node",
    metadata: { name, labels: { "kubernetes.io/hostname": name, "topology.kubernetes.io/zone": zone, "kubernetes.io/os": "linux", ...shape.labels } },
    spec: { unschedulable: false, taints: shape.taints ?? [], providerID: `sim://${zone}/${name}` },
    status: {
      conditions,
      allocatable: quantities,
      capacity: quantities,
      kubeletVersion: "v1.34.4",
    },
  });
}

export function addNamespace(
  world: World,
  name: string,
  labels: Readonly<Record<string, string>> = {},
  annotations: Readonly<Record<string, string>> = {},
): void {
  world.api.create(INSTALLER, { kind: "Namespace", metadata: { name, labels: { "kubernetes.io/metadata.name": name, ...labels }, annotations } });
}

/** A small service's container: probes on `/healthz`, requests and limits. */
export interface WorkloadShape {
  readonly name: string;
  readonly namespace: string;
  readonly image: string;
  readonly replicas?: number;
  readonly cpu?: string;
  readonly memory?: string;
  readonly memoryLimit?: string;
  /** Readiness path; null for no probe at all. */
  readonly readiness?: string | null;
  readonly liveness?: string;
  readonly command?: readonly string[];
  readonly env?: Container["env"];
  readonly envFrom?: Container["envFrom"];
  readonly volumes?: readonly Volume[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly tolerations?: readonly Toleration[];
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly restartPolicy?: string;
  readonly progressDeadlineSeconds?: number;
  readonly strategy?: string;
}

export const PORT = 8080;

function httpProbe(path: string, periodSeconds = 10): Probe {
  return { httpGet: { path, port: PORT }, periodSeconds };
}

export function container(shape: WorkloadShape): Container {
  const { cpu = "100m", memory = "128Mi", memoryLimit = "256Mi" } = shape;
  return {
    name: shape.name,
    image: shape.image,
    ports: [{ name: "http", containerPort: PORT, protocol: "TCP" }],
    resources: { requests: { cpu, memory }, limits: { memory: memoryLimit } },
    ...(shape.readiness === null ? {} : { readinessProbe: httpProbe(shape.readiness ?? "/healthz") }),
    ...(shape.liveness === undefined ? {} : { livenessProbe: httpProbe(shape.liveness, 20) }),
    ...(shape.command === undefined ? {} : { command: shape.command }),
    ...(shape.env === undefined ? {} : { env: shape.env }),
    ...(shape.envFrom === undefined ? {} : { envFrom: shape.envFrom }),
  };
}

export function template(shape: WorkloadShape): PodTemplate {
  const spec: PodSpec = {
    containers: [container(shape)],
    ...(shape.volumes === undefined ? {} : { volumes: shape.volumes }),
    ...(shape.tolerations === undefined ? {} : { tolerations: shape.tolerations }),
    ...(shape.nodeSelector === undefined ? {} : { nodeSelector: shape.nodeSelector }),
    ...(shape.restartPolicy === undefined ? {} : { restartPolicy: shape.restartPolicy }),
  };
  return { metadata: { labels: { app: shape.name, ...shape.labels } }, spec };
}

function meta(shape: WorkloadShape): {
  name: string;
  namespace: string;
  labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
} {
  return { name: shape.name, namespace: shape.namespace, labels: { app: shape.name, ...shape.labels }, annotations: shape.annotations ?? {} };
}

export function deployment(shape: WorkloadShape): Draft<"Deployment"> {
  return {
    kind: "Deployment",
    metadata: meta(shape),
    spec: {
      replicas: shape.replicas ?? 2,
      selector: { matchLabels: { app: shape.name } },
      template: template(shape),
      paused: false,
      progressDeadlineSeconds: shape.progressDeadlineSeconds ?? 600,
      minReadySeconds: 0,
      strategy: shape.strategy ?? "RollingUpdate",
    },
  };
}

export function statefulSet(shape: WorkloadShape): Draft<"StatefulSet"> {
  const selector = { matchLabels: { app: shape.name } };
  const { replicas = 1, name: serviceName } = shape;
  return {
    kind: "StatefulSet",
    metadata: meta(shape),
    spec: { replicas, selector, template: template(shape), serviceName, podManagementPolicy: "OrderedReady" },
  };
}

export function daemonSet(shape: WorkloadShape): Draft<"DaemonSet"> {
  return { kind: "DaemonSet", metadata: meta(shape), spec: { selector: { matchLabels: { app: shape.name } }, template: template(shape) } };
}

export function service(namespace: string, name: string, over: Partial<Draft<"Service">["spec"]> = {}): Draft<"Service"> {
  const ports = [{ name: "http", port: 80, targetPort: PORT, protocol: "TCP" }];
  const spec = { type: "ClusterIP", clusterIP: "10.96.12.34", selector: { app: name }, ports, publishNotReadyAddresses: false, ...over };
  return { kind: "Service", metadata: { name, namespace, labels: { app: name } }, spec };
}

export function configMap(namespace: string, name: string, keys: readonly string[]): Draft<"ConfigMap"> {
  return { kind: "ConfigMap", metadata: { name, namespace }, keys };
}

export function quota(namespace: string, name: string, hard: Quantities): Draft<"ResourceQuota"> {
  return { kind: "ResourceQuota", metadata: { name, namespace }, spec: { hard } };
}

export function budget(namespace: string, app: string): Draft<"PodDisruptionBudget"> {
  return { kind: "PodDisruptionBudget", metadata: { name: app, namespace }, spec: { selector: { matchLabels: { app } } } };
}

export interface JobShape extends WorkloadShape {
  readonly backoffLimit?: number;
  readonly completions?: number;
  readonly parallelism?: number;
  readonly activeDeadlineSeconds?: number;
  readonly ttlSecondsAfterFinished?: number;
}

export function jobSpec(shape: JobShape): Job["spec"] {
  const { completions = 1, parallelism = 1, backoffLimit = 6, activeDeadlineSeconds, ttlSecondsAfterFinished } = shape;
  return {
    completions,
    parallelism,
    backoffLimit,
    suspend: false,
    ...(activeDeadlineSeconds === undefined ? {} : { activeDeadlineSeconds }),
    ...(ttlSecondsAfterFinished === undefined ? {} : { ttlSecondsAfterFinished }),
    template: template({ ...shape, readiness: null, restartPolicy: shape.restartPolicy ?? "Never" }),
  };
}

export function job(shape: JobShape): Draft<"Job"> {
  return { kind: "Job", metadata: meta(shape), spec: jobSpec(shape) };
}
