/**
 * Builders of cluster objects for tests: a healthy object by default, and only what a story changes is written down.
 *
 * Times are seconds after `EPOCH`; uids are made from kind, namespace and name, so that references need no bookkeeping.
 */
import type * as kube from "../model/kube.ts";
import type { Kind, Ref } from "../model/ref.ts";
import { apiVersion } from "../model/ref.ts";

/** 2026-03-01T12:00:00Z, ms: the zero of every test's clock. */
export const EPOCH = Date.parse("2026-03-01T12:00:00Z");

/** Milliseconds since 1970 of a moment given in seconds after `EPOCH`. */
export function at(seconds: number): number {
  return EPOCH + seconds * 1_000;
}

/** The same moment as the API writes it (whole seconds). */
export function stamp(seconds: number): string {
  return new Date(at(seconds)).toISOString().replace(".000Z", "Z");
}

export const NAMESPACE = "shop";

export type MetaOver = Partial<Omit<kube.Meta, "name">>;

export function meta(kind: Kind, name: string, over: MetaOver = {}): kube.Meta {
  const clusterScoped = kind === "Node" || kind === "Namespace" || kind === "ClusterVersion" || kind === "MachineConfigPool";
  const namespace = over.namespace ?? (clusterScoped ? "" : NAMESPACE);
  return {
    name,
    namespace,
    uid: uidOf(kind, name, namespace),
    resourceVersion: "1",
    creationTimestamp: stamp(0),
    labels: {},
    annotations: {},
    ownerReferences: [],
    finalizers: [],
    managers: [],
    ...over,
  };
}

/** The uid that a builder gives to this object. */
export function uidOf(kind: Kind, name: string, namespace = NAMESPACE): string {
  return `uid:${kind}/${namespace}/${name}`;
}

/** An owner reference with `controller: true`. */
export function owner(object: kube.ClusterObject): kube.OwnerReference {
  return { apiVersion: apiVersion(object.kind), kind: object.kind, name: object.metadata.name, uid: object.metadata.uid, controller: true };
}

export function ref(kind: Kind, name: string, namespace?: string): Ref {
  return { kind, namespace: namespace ?? (kind === "Node" || kind === "Namespace" ? "" : NAMESPACE), name };
}

export function condition(type: string, status: string, over: Partial<kube.Condition> = {}): kube.Condition {
  return { type, status, reason: "", message: "", lastTransitionTime: stamp(0), ...over };
}

export function container(over: Partial<kube.Container> = {}): kube.Container {
  return { name: "app", image: "registry.test/cart:1", ...over };
}

export interface TemplateOver {
  labels?: Record<string, string>;
  containers?: readonly kube.Container[];
  spec?: Partial<kube.PodSpec>;
}

export function template(over: TemplateOver = {}): kube.PodTemplate {
  return {
    metadata: { labels: over.labels ?? { app: "cart" }, annotations: {} },
    spec: { containers: over.containers ?? [container()], restartPolicy: "Always", terminationGracePeriodSeconds: 30, ...over.spec },
  };
}

/** A container status that runs and is ready since `startedAt`. */
export function running(over: Partial<kube.ContainerStatus> = {}, startedAt = 5): kube.ContainerStatus {
  return {
    name: "app",
    ready: true,
    started: true,
    restartCount: 0,
    image: "registry.test/cart:1",
    state: { running: { startedAt: stamp(startedAt) } },
    lastState: {},
    ...over,
  };
}

/** A container status that waits, as `CrashLoopBackOff` or `ImagePullBackOff` does. */
export function waiting(reason: string, message = "", over: Partial<kube.ContainerStatus> = {}): kube.ContainerStatus {
  return running({ ready: false, started: false, state: { waiting: { reason, message } }, ...over });
}

export function terminated(over: Partial<NonNullable<kube.ContainerState["terminated"]>> = {}): kube.ContainerState {
  return { terminated: { reason: "Error", exitCode: 1, message: "", startedAt: stamp(10), finishedAt: stamp(11), ...over } };
}

export interface PodOver {
  metadata?: MetaOver;
  spec?: Partial<kube.PodSpec>;
  phase?: string;
  reason?: string;
  message?: string;
  startTime?: string;
  /** Container statuses; Ready follows from them unless `conditions` says otherwise. */
  statuses?: readonly kube.ContainerStatus[];
  initStatuses?: readonly kube.ContainerStatus[];
  conditions?: readonly kube.Condition[];
  /** When Ready last changed, seconds. */
  readySince?: number;
  ownedBy?: kube.ClusterObject;
}

/** A pod that runs and is ready on node `worker-1`. With `ownedBy` it carries the owner's template and labels. */
export function pod(name: string, over: PodOver = {}): kube.Pod {
  const { ownedBy } = over;
  const tpl = templateOf(ownedBy) ?? template();
  const statuses = over.statuses ?? [running()];
  const phase = over.phase ?? "Running";
  const since = { lastTransitionTime: stamp(over.readySince ?? 6) };
  const unready = { ...since, reason: "ContainersNotReady", message: "containers with unready status: [app]" };
  const done = phase === "Succeeded" || phase === "Failed";
  const isReady = phase === "Running" && statuses.length > 0 && statuses.every((s) => s.ready);
  const readiness = done ? { ...since, reason: phase === "Succeeded" ? "PodCompleted" : "PodFailed" } : unready;
  return {
    kind: "Pod",
    metadata: meta("Pod", name, {
      labels: { ...(tpl.metadata.labels ?? {}) },
      ...(ownedBy === undefined ? {} : { ownerReferences: [owner(ownedBy)], namespace: ownedBy.metadata.namespace }),
      ...over.metadata,
    }),
    spec: { ...tpl.spec, nodeName: "worker-1", ...over.spec },
    status: {
      phase,
      reason: over.reason ?? "",
      message: over.message ?? "",
      startTime: over.startTime ?? stamp(1),
      podIP: "10.1.0.7",
      conditions: over.conditions ?? [
        condition("PodScheduled", "True", { lastTransitionTime: stamp(1) }),
        condition("Initialized", "True", { lastTransitionTime: stamp(1) }),
        condition("ContainersReady", isReady ? "True" : "False", isReady ? since : readiness),
        condition("Ready", isReady ? "True" : "False", isReady ? since : readiness),
      ],
      containerStatuses: statuses,
      initContainerStatuses: over.initStatuses ?? [],
    },
  };
}

function templateOf(object: kube.ClusterObject | undefined): kube.PodTemplate | undefined {
  switch (object?.kind) {
    case "Deployment":
    case "ReplicaSet":
    case "StatefulSet":
    case "DaemonSet":
    case "Job":
      return object.spec.template;
    default:
      return undefined;
  }
}

/** A pod that no node takes: `message` is the scheduler's. */
export function unscheduledPod(name: string, message: string, over: PodOver = {}, since = 1): kube.Pod {
  const made = pod(name, {
    phase: "Pending",
    statuses: [],
    conditions: [condition("PodScheduled", "False", { reason: "Unschedulable", message, lastTransitionTime: stamp(since) })],
    startTime: "",
    ...over,
  });
  const { nodeName: _, ...spec } = made.spec;
  return { ...made, spec, status: { ...made.status, podIP: "" } };
}

export interface DeploymentOver {
  metadata?: MetaOver;
  spec?: Partial<kube.Deployment["spec"]>;
  status?: Partial<kube.Deployment["status"]>;
}

/** A Deployment whose rollout is complete: every status count equals `spec.replicas`, unless told otherwise. */
export function deployment(name = "cart", over: DeploymentOver = {}): kube.Deployment {
  const spec = {
    replicas: 2,
    selector: { matchLabels: { app: name } },
    template: template({ labels: { app: name } }),
    paused: false,
    progressDeadlineSeconds: 600,
    minReadySeconds: 0,
    strategy: "RollingUpdate",
    ...over.spec,
  };
  const available = over.status?.availableReplicas ?? spec.replicas;
  const full = available >= spec.replicas;
  return {
    kind: "Deployment",
    metadata: meta("Deployment", name, { generation: 1, annotations: { "deployment.kubernetes.io/revision": "1" }, ...over.metadata }),
    spec,
    status: {
      observedGeneration: over.metadata?.generation ?? 1,
      replicas: spec.replicas,
      updatedReplicas: spec.replicas,
      readyReplicas: available,
      availableReplicas: available,
      unavailableReplicas: Math.max(0, spec.replicas - available),
      conditions: [
        condition("Available", full ? "True" : "False", { reason: full ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable" }),
        condition("Progressing", "True", { reason: "NewReplicaSetAvailable", lastUpdateTime: stamp(10) }),
      ],
      ...over.status,
    },
  };
}

export interface ReplicaSetOver {
  metadata?: MetaOver;
  spec?: Partial<kube.ReplicaSet["spec"]>;
  status?: Partial<kube.ReplicaSet["status"]>;
  template?: kube.PodTemplate;
  replicas?: number;
  ready?: number;
}

/** Revision `revision` of a Deployment, named `<deployment>-<revision>`; its template carries the pod-template-hash. */
export function replicaSet(of: kube.Deployment, revision: number, over: ReplicaSetOver = {}): kube.ReplicaSet {
  const hash = `hash${revision}`;
  const base = over.template ?? of.spec.template;
  const labels = { ...(base.metadata.labels ?? {}), "pod-template-hash": hash };
  const replicas = over.replicas ?? of.spec.replicas;
  const ready = over.ready ?? replicas;
  return {
    kind: "ReplicaSet",
    metadata: meta("ReplicaSet", `${of.metadata.name}-${revision}`, {
      namespace: of.metadata.namespace,
      generation: 1,
      labels,
      annotations: { "deployment.kubernetes.io/revision": `${revision}` },
      ownerReferences: [owner(of)],
      ...over.metadata,
    }),
    spec: {
      replicas,
      selector: { matchLabels: { ...of.spec.selector.matchLabels, "pod-template-hash": hash } },
      template: { ...base, metadata: { ...base.metadata, labels } },
      ...over.spec,
    },
    status: { observedGeneration: 1, replicas, readyReplicas: ready, availableReplicas: ready, conditions: [], ...over.status },
  };
}
