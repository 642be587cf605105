/** Builders of the rarer cluster objects for tests; see `objects.ts`. */
import type * as kube from "../model/kube.ts";
import type { MetaOver } from "./objects.ts";
import { condition, meta, owner, stamp, template } from "./objects.ts";

export interface NodeOver {
  metadata?: MetaOver;
  spec?: Partial<kube.Node["spec"]>;
  status?: Partial<kube.Node["status"]>;
}

/** A Ready node with 4 cores, 8Gi and room for 110 pods. */
export function node(name = "worker-1", over: NodeOver = {}): kube.Node {
  const size = { cpu: "4", memory: "8Gi", pods: "110" };
  return {
    kind: "Node",
    metadata: meta("Node", name, over.metadata),
    spec: { unschedulable: false, taints: [], ...over.spec },
    status: {
      conditions: [condition("Ready", "True", { reason: "KubeletReady", message: "kubelet is posting ready status" })],
      allocatable: size,
      capacity: size,
      kubeletVersion: "v1.34.4",
      ...over.status,
    },
  };
}

/** A node that was cordoned `since` seconds after the epoch. */
export function cordonedNode(name: string, since: number, over: NodeOver = {}): kube.Node {
  const taints = [{ key: "node.kubernetes.io/unschedulable", effect: "NoSchedule", timeAdded: stamp(since) }];
  return node(name, { ...over, spec: { unschedulable: true, taints, ...over.spec } });
}

export interface StatefulSetOver {
  metadata?: MetaOver;
  spec?: Partial<kube.StatefulSet["spec"]>;
  status?: Partial<kube.StatefulSet["status"]>;
}

export function statefulSet(name = "store", over: StatefulSetOver = {}): kube.StatefulSet {
  const spec = {
    replicas: 2,
    selector: { matchLabels: { app: name } },
    template: template({ labels: { app: name } }),
    serviceName: name,
    podManagementPolicy: "OrderedReady",
    ...over.spec,
  };
  const n = spec.replicas;
  return {
    kind: "StatefulSet",
    metadata: meta("StatefulSet", name, { generation: 1, ...over.metadata }),
    spec,
    status: {
      observedGeneration: 1,
      replicas: n,
      readyReplicas: n,
      updatedReplicas: n,
      availableReplicas: n,
      currentRevision: `${name}-1`,
      updateRevision: `${name}-1`,
      ...over.status,
    },
  };
}

export interface DaemonSetOver {
  metadata?: MetaOver;
  spec?: Partial<kube.DaemonSet["spec"]>;
  status?: Partial<kube.DaemonSet["status"]>;
}

export function daemonSet(name = "agent", over: DaemonSetOver = {}): kube.DaemonSet {
  return {
    kind: "DaemonSet",
    metadata: meta("DaemonSet", name, { generation: 1, ...over.metadata }),
    spec: { selector: { matchLabels: { app: name } }, template: template({ labels: { app: name } }), ...over.spec },
    status: {
      observedGeneration: 1,
      desiredNumberScheduled: 2,
      numberReady: 2,
      numberAvailable: 2,
      updatedNumberScheduled: 2,
      numberMisscheduled: 0,
      ...over.status,
    },
  };
}

/** Revision of a StatefulSet or DaemonSet, named `<owner>-<revision>`. */
export function controllerRevision(
  of: kube.StatefulSet | kube.DaemonSet,
  revision: number,
  tpl: kube.PodTemplate | undefined,
  created = 0,
): kube.ControllerRevision {
  return {
    kind: "ControllerRevision",
    metadata: meta("ControllerRevision", `${of.metadata.name}-${revision}`, {
      namespace: of.metadata.namespace,
      ownerReferences: [owner(of)],
      creationTimestamp: stamp(created),
    }),
    revision,
    template: tpl,
  };
}

export interface JobOver {
  metadata?: MetaOver;
  spec?: Partial<kube.Job["spec"]>;
  status?: Partial<kube.Job["status"]>;
}

/** A Job that is complete. */
export function job(name = "report", over: JobOver = {}): kube.Job {
  const tpl = template({ labels: { "job-name": name }, spec: { restartPolicy: "Never" } });
  return {
    kind: "Job",
    metadata: meta("Job", name, { generation: 1, ...over.metadata }),
    spec: { completions: 1, parallelism: 1, backoffLimit: 6, suspend: false, template: tpl, ...over.spec },
    status: {
      active: 0,
      succeeded: 1,
      failed: 0,
      startTime: stamp(1),
      completionTime: stamp(20),
      conditions: [condition("Complete", "True", { lastTransitionTime: stamp(20) })],
      ...over.status,
    },
  };
}

/** A Job that gave up at `finished` seconds. */
export function failedJob(name: string, reason: string, over: JobOver = {}, finished = 30): kube.Job {
  return job(name, {
    ...over,
    status: {
      succeeded: 0,
      failed: 7,
      completionTime: "",
      conditions: [condition("Failed", "True", { reason, message: "Job has reached the specified backoff limit", lastTransitionTime: stamp(finished) })],
      ...over.status,
    },
  });
}

export function cronJob(
  name = "nightly",
  over: { metadata?: MetaOver; spec?: Partial<kube.CronJob["spec"]>; status?: Partial<kube.CronJob["status"]> } = {},
): kube.CronJob {
  return {
    kind: "CronJob",
    metadata: meta("CronJob", name, over.metadata),
    spec: { schedule: "*/5 * * * *", suspend: false, ...over.spec },
    status: { lastScheduleTime: stamp(0), lastSuccessfulTime: "", ...over.status },
  };
}

export function service(name = "cart", over: { metadata?: MetaOver; spec?: Partial<kube.Service["spec"]> } = {}): kube.Service {
  return {
    kind: "Service",
    metadata: meta("Service", name, over.metadata),
    spec: {
      type: "ClusterIP",
      clusterIP: "10.96.0.20",
      selector: { app: name },
      ports: [{ port: 80, targetPort: 8080, protocol: "TCP" }],
      publishNotReadyAddresses: false,
      ...over.spec,
    },
  };
}

/** The slice of a Service with one endpoint per pod name; `ready: false` for names that begin with `!`. */
export function endpointSlice(of: kube.Service, pods: readonly string[]): kube.EndpointSlice {
  return {
    kind: "EndpointSlice",
    metadata: meta("EndpointSlice", `${of.metadata.name}-abc12`, {
      namespace: of.metadata.namespace,
      labels: { "kubernetes.io/service-name": of.metadata.name },
      ownerReferences: [owner(of)],
    }),
    endpoints: pods.map((name) => ({ addresses: 1, ready: !name.startsWith("!"), podName: name.replace("!", ""), nodeName: "worker-1" })),
  };
}

export function configMap(name: string, keys: readonly string[] = ["app.conf"], over: MetaOver = {}): kube.ConfigMap {
  return { kind: "ConfigMap", metadata: meta("ConfigMap", name, over), keys };
}

export function quota(name: string, hard: kube.Quantities, used: kube.Quantities, over: MetaOver = {}): kube.ResourceQuota {
  return { kind: "ResourceQuota", metadata: meta("ResourceQuota", name, over), spec: { hard }, status: { hard, used } };
}

export function limitRange(name: string, limits: kube.LimitRange["spec"]["limits"]): kube.LimitRange {
  return { kind: "LimitRange", metadata: meta("LimitRange", name), spec: { limits } };
}

export function disruptionBudget(name: string, labels: Record<string, string>, allowed: number): kube.PodDisruptionBudget {
  return {
    kind: "PodDisruptionBudget",
    metadata: meta("PodDisruptionBudget", name),
    spec: { selector: { matchLabels: labels } },
    status: { disruptionsAllowed: allowed, currentHealthy: 2, desiredHealthy: 1 },
  };
}

export function autoscaler(name: string, target: { kind: string; name: string }, min = 1, max = 5): kube.HorizontalPodAutoscaler {
  return {
    kind: "HorizontalPodAutoscaler",
    metadata: meta("HorizontalPodAutoscaler", name),
    spec: { target, minReplicas: min, maxReplicas: max },
    status: { currentReplicas: min, desiredReplicas: min, conditions: [] },
  };
}

export function namespaceObject(name: string, over: MetaOver = {}): kube.Namespace {
  return { kind: "Namespace", metadata: meta("Namespace", name, over), status: { phase: "Active" } };
}

/** A Warning event about `of`, last seen at `seconds`. */
export function event(
  of: kube.ClusterObject,
  reason: string,
  message: string,
  seconds: number,
  over: Partial<Omit<kube.Event, "kind" | "metadata">> = {},
): kube.Event {
  return {
    kind: "Event",
    metadata: meta("Event", `${of.metadata.name}.${reason.toLowerCase()}.${seconds}`, { namespace: of.metadata.namespace || "default" }),
    involved: { kind: of.kind, namespace: of.metadata.namespace, name: of.metadata.name, uid: of.metadata.uid, fieldPath: "" },
    type: "Warning",
    reason,
    message,
    count: 1,
    firstTimestamp: stamp(seconds),
    lastTimestamp: stamp(seconds),
    source: "kubelet",
    ...over,
  };
}
