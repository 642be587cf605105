/**
 * Kubernetes objects as the engine sees them: the real field names and paths, only the fields that are used.
 *
 * The same shape on every side: the API server's JSON is cut down to it by `project.ts`, the simulator produces it, fixtures
 * hold it, and JSON Patch paths written against it are valid against the real object. Times are the API's RFC 3339 strings.
 */
import type { Application, ClusterVersion, MachineConfigPool } from "./kube-extensions.ts";
import type { Base, Condition, LabelSelector, OwnerReference } from "./kube-meta.ts";
import type { Kind, Ref } from "./ref.ts";

export type { Condition, FieldManager, LabelSelector, Meta, OwnerReference } from "./kube-meta.ts";

export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
  readonly timeAdded?: string;
}

export interface Toleration {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
  /** NoExecute only: how long the pod stays; absent means for ever. */
  readonly tolerationSeconds?: number;
}

/** Quantities stay the API's strings (`250m`, `128Mi`); `quantity.ts` reads them. */
export type Quantities = Readonly<Record<string, string>>;

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly resources?: { readonly requests?: Quantities; readonly limits?: Quantities };
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number; readonly protocol?: string }[];
  readonly readinessProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly startupProbe?: Probe;
  readonly env?: readonly EnvVar[];
  readonly envFrom?: readonly { readonly configMapRef?: NameRef; readonly secretRef?: NameRef; readonly prefix?: string }[];
  /** command, args, volumeMounts, securityContext and the rest, kept as they are for an exact rollback. */
  readonly [field: string]: unknown;
}

export interface NameRef {
  readonly name: string;
  readonly optional?: boolean;
}

export interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: {
    readonly configMapKeyRef?: NameRef & { readonly key: string };
    readonly secretKeyRef?: NameRef & { readonly key: string };
    readonly [other: string]: unknown;
  };
}

export interface Probe {
  readonly periodSeconds?: number;
  readonly timeoutSeconds?: number;
  readonly failureThreshold?: number;
  readonly successThreshold?: number;
  readonly initialDelaySeconds?: number;
  readonly httpGet?: { readonly path?: string; readonly port: number | string; readonly scheme?: string };
  readonly tcpSocket?: { readonly port: number | string };
  readonly exec?: { readonly command: readonly string[] };
}

export interface PodSpec {
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly Volume[];
  readonly nodeName?: string;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly tolerations?: readonly Toleration[];
  readonly priorityClassName?: string;
  readonly priority?: number;
  readonly restartPolicy?: string;
  readonly terminationGracePeriodSeconds?: number;
  readonly [field: string]: unknown;
}

export interface Volume {
  readonly name: string;
  readonly configMap?: { readonly name: string; readonly optional?: boolean; readonly items?: readonly { readonly key: string; readonly path: string }[] };
  readonly secret?: { readonly secretName: string; readonly optional?: boolean };
  readonly persistentVolumeClaim?: { readonly claimName: string };
  readonly [source: string]: unknown;
}

export interface PodTemplate {
  readonly metadata: { readonly labels?: Readonly<Record<string, string>>; readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: PodSpec;
}

export interface ContainerState {
  readonly waiting?: { readonly reason: string; readonly message: string };
  readonly running?: { readonly startedAt: string };
  readonly terminated?: {
    readonly reason: string;
    readonly exitCode: number;
    readonly message: string;
    readonly startedAt: string;
    readonly finishedAt: string;
  };
}

export interface ContainerStatus {
  readonly name: string;
  readonly ready: boolean;
  readonly started: boolean;
  readonly restartCount: number;
  readonly image: string;
  readonly state: ContainerState;
  readonly lastState: ContainerState;
}

export interface Namespace extends Base<"Namespace"> {
  readonly status: { readonly phase: string };
}

export interface Node extends Base<"Node"> {
  readonly spec: { readonly unschedulable: boolean; readonly taints: readonly Taint[]; readonly providerID?: string };
  readonly status: {
    readonly conditions: readonly Condition[];
    readonly allocatable: Quantities;
    readonly capacity: Quantities;
    readonly kubeletVersion: string;
  };
}

/** A Pod's spec is kept whole enough to tell which container, probe, limit and reference is meant. */
export interface Pod extends Base<"Pod"> {
  readonly spec: PodSpec;
  readonly status: {
    readonly phase: string;
    readonly reason: string;
    readonly message: string;
    readonly startTime: string;
    readonly podIP: string;
    readonly conditions: readonly Condition[];
    readonly containerStatuses: readonly ContainerStatus[];
    readonly initContainerStatuses: readonly ContainerStatus[];
  };
}

export interface Deployment extends Base<"Deployment"> {
  readonly spec: {
    readonly replicas: number;
    readonly selector: LabelSelector;
    readonly template: PodTemplate;
    readonly paused: boolean;
    readonly progressDeadlineSeconds: number;
    readonly minReadySeconds: number;
    readonly strategy: string;
    /** Of a rolling update, where it is not the default of 25%. */
    readonly maxUnavailable?: number | string;
  };
  readonly status: {
    readonly observedGeneration: number;
    readonly replicas: number;
    readonly updatedReplicas: number;
    readonly readyReplicas: number;
    readonly availableReplicas: number;
    readonly unavailableReplicas: number;
    readonly conditions: readonly Condition[];
  };
}

export interface ReplicaSet extends Base<"ReplicaSet"> {
  readonly spec: { readonly replicas: number; readonly selector: LabelSelector; readonly template: PodTemplate };
  readonly status: {
    readonly observedGeneration: number;
    readonly replicas: number;
    readonly readyReplicas: number;
    readonly availableReplicas: number;
    readonly conditions: readonly Condition[];
  };
}

export interface StatefulSet extends Base<"StatefulSet"> {
  readonly spec: {
    readonly replicas: number;
    readonly selector: LabelSelector;
    readonly template: PodTemplate;
    readonly serviceName: string;
    readonly podManagementPolicy: string;
  };
  readonly status: {
    readonly observedGeneration: number;
    readonly replicas: number;
    readonly readyReplicas: number;
    readonly updatedReplicas: number;
    readonly availableReplicas: number;
    readonly currentRevision: string;
    readonly updateRevision: string;
  };
}

export interface DaemonSet extends Base<"DaemonSet"> {
  readonly spec: { readonly selector: LabelSelector; readonly template: PodTemplate };
  readonly status: {
    readonly observedGeneration: number;
    readonly desiredNumberScheduled: number;
    readonly numberReady: number;
    readonly numberAvailable: number;
    readonly updatedNumberScheduled: number;
    readonly numberMisscheduled: number;
  };
}

/** `data` is `{spec: {template}}` as StatefulSets and DaemonSets write it. */
export interface ControllerRevision extends Base<"ControllerRevision"> {
  readonly revision: number;
  readonly template: PodTemplate | undefined;
}

export interface Job extends Base<"Job"> {
  readonly spec: {
    readonly completions: number;
    readonly parallelism: number;
    readonly backoffLimit: number;
    readonly suspend: boolean;
    readonly activeDeadlineSeconds?: number;
    readonly ttlSecondsAfterFinished?: number;
    readonly completionMode?: string;
    /** Fields that are set and not kept here: a copy made from this would lack them. */
    readonly unkept?: readonly string[];
    readonly template: PodTemplate;
  };
  readonly status: {
    readonly active: number;
    readonly succeeded: number;
    readonly failed: number;
    readonly startTime: string;
    readonly completionTime: string;
    readonly conditions: readonly Condition[];
  };
}

export interface CronJob extends Base<"CronJob"> {
  readonly spec: { readonly schedule: string; readonly suspend: boolean };
  readonly status: { readonly lastScheduleTime: string; readonly lastSuccessfulTime: string };
}

export interface Service extends Base<"Service"> {
  readonly spec: {
    readonly type: string;
    readonly clusterIP: string;
    /** Empty means selectorless: endpoints are somebody else's business. */
    readonly selector: Readonly<Record<string, string>>;
    readonly ports: readonly { readonly name?: string; readonly port: number; readonly targetPort?: number | string; readonly protocol?: string }[];
    readonly publishNotReadyAddresses: boolean;
  };
}

export interface EndpointSlice extends Base<"EndpointSlice"> {
  readonly endpoints: readonly { readonly addresses: number; readonly ready: boolean; readonly podName: string; readonly nodeName: string }[];
}

/** Existence and key names only: values never leave the adapter. `data` is kept for `kintsugi/kintsugi-pause` alone. */
export interface ConfigMap extends Base<"ConfigMap"> {
  readonly keys: readonly string[];
  readonly data?: Readonly<Record<string, string>>;
}

export interface PersistentVolumeClaim extends Base<"PersistentVolumeClaim"> {
  readonly spec: { readonly volumeName: string };
  readonly status: { readonly phase: string };
}

export interface ResourceQuota extends Base<"ResourceQuota"> {
  readonly spec: { readonly hard: Quantities };
  readonly status: { readonly hard: Quantities; readonly used: Quantities };
}

export interface LimitRange extends Base<"LimitRange"> {
  readonly spec: { readonly limits: readonly LimitRangeItem[] };
}

type LimitRangeItem = { readonly type: string } & { readonly [K in "max" | "min" | "default" | "maxLimitRequestRatio"]?: Quantities };

export interface PodDisruptionBudget extends Base<"PodDisruptionBudget"> {
  readonly spec: { readonly selector: LabelSelector };
  readonly status: { readonly disruptionsAllowed: number; readonly currentHealthy: number; readonly desiredHealthy: number };
}

export interface HorizontalPodAutoscaler extends Base<"HorizontalPodAutoscaler"> {
  readonly spec: { readonly target: { readonly kind: string; readonly name: string }; readonly minReplicas: number; readonly maxReplicas: number };
  readonly status: { readonly currentReplicas: number; readonly desiredReplicas: number; readonly conditions: readonly Condition[] };
}

export interface Event extends Base<"Event"> {
  readonly involved: { readonly kind: string; readonly namespace: string; readonly name: string; readonly uid: string; readonly fieldPath: string };
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  readonly firstTimestamp: string;
  readonly lastTimestamp: string;
  readonly source: string;
}

export type ClusterObject =
  | Namespace
  | Node
  | Pod
  | Deployment
  | ReplicaSet
  | StatefulSet
  | DaemonSet
  | ControllerRevision
  | Job
  | CronJob
  | Service
  | EndpointSlice
  | ConfigMap
  | PersistentVolumeClaim
  | ResourceQuota
  | LimitRange
  | PodDisruptionBudget
  | HorizontalPodAutoscaler
  | Event
  | Application
  | ClusterVersion
  | MachineConfigPool;

/** The object type of a kind: `ObjectOf<"Pod">` is `Pod`. */
export type ObjectOf<K extends Kind> = Extract<ClusterObject, { kind: K }>;

/** Kinds that own pods and carry a pod template or replicas. */
export type Workload = Deployment | StatefulSet | DaemonSet | ReplicaSet | Job;

export function refOf(object: ClusterObject): Ref & { readonly uid: string } {
  return { kind: object.kind, namespace: object.metadata.namespace, name: object.metadata.name, uid: object.metadata.uid };
}

/** The owner that manages the object, if one does. */
export function controllerOf(object: ClusterObject): OwnerReference | undefined {
  return object.metadata.ownerReferences.find((owner) => owner.controller);
}

export function conditionOf(conditions: readonly Condition[], type: string): Condition | undefined {
  return conditions.find((condition) => condition.type === type);
}
