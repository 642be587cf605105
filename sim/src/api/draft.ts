/** What a writer hands in: an object without the parts that the API server fills in. */
import type { ClusterObject, Kind, Meta, ObjectOf, OwnerReference } from "@kintsugi/core";

export interface DraftMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
  readonly finalizers?: readonly string[];
}

type WithDraftMeta<T> = T extends { readonly status: unknown }
  ? Omit<T, "metadata" | "status"> & { readonly metadata: DraftMeta; readonly status?: T["status"] }
  : Omit<T, "metadata"> & { readonly metadata: DraftMeta };

export type Draft<K extends Kind = Kind> = K extends Kind ? WithDraftMeta<ObjectOf<K>> : never;

/** Kinds whose API counts changes of the spec in `metadata.generation`. */
const COUNTED: readonly Kind[] = ["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job", "CronJob", "PodDisruptionBudget", "EndpointSlice"];

export function hasGeneration(kind: Kind): boolean {
  return COUNTED.includes(kind);
}

export function metaOf(kind: Kind, draft: DraftMeta, uid: string, creationTimestamp: string): Meta {
  return {
    name: draft.name,
    namespace: draft.namespace ?? "",
    uid,
    resourceVersion: "",
    ...(hasGeneration(kind) ? { generation: 1 } : {}),
    creationTimestamp,
    labels: draft.labels ?? {},
    annotations: draft.annotations ?? {},
    ownerReferences: draft.ownerReferences ?? [],
    finalizers: draft.finalizers ?? [],
    managers: [],
  };
}

const EMPTY_STATUS: Partial<Record<Kind, unknown>> = {
  Namespace: { phase: "Active" },
  Node: { conditions: [], allocatable: {}, capacity: {}, kubeletVersion: "v1.34.4" },
  Pod: { phase: "Pending", reason: "", message: "", startTime: "", podIP: "", conditions: [], containerStatuses: [], initContainerStatuses: [] },
  Deployment: {
    observedGeneration: 0,
    replicas: 0,
    updatedReplicas: 0,
    readyReplicas: 0,
    availableReplicas: 0,
    unavailableReplicas: 0,
    conditions: [],
  },
  ReplicaSet: { observedGeneration: 0, replicas: 0, readyReplicas: 0, availableReplicas: 0, conditions: [] },
  StatefulSet: {
    observedGeneration: 0,
    replicas: 0,
    readyReplicas: 0,
    updatedReplicas: 0,
    availableReplicas: 0,
    currentRevision: "",
    updateRevision: "",
  },
  DaemonSet: { observedGeneration: 0, desiredNumberScheduled: 0, numberReady: 0, numberAvailable: 0, updatedNumberScheduled: 0, numberMisscheduled: 0 },
  Job: { active: 0, succeeded: 0, failed: 0, startTime: "", completionTime: "", conditions: [] },
  CronJob: { lastScheduleTime: "", lastSuccessfulTime: "" },
  PersistentVolumeClaim: { phase: "Bound" },
  ResourceQuota: { hard: {}, used: {} },
  PodDisruptionBudget: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0 },
  HorizontalPodAutoscaler: { currentReplicas: 0, desiredReplicas: 0, conditions: [] },
  ClusterVersion: { conditions: [] },
  MachineConfigPool: { conditions: [] },
};

/** The stored object: draft, API server's metadata, and the status that a fresh object of its kind has. */
export function build(draft: Draft, metadata: Meta): ClusterObject {
  const empty = EMPTY_STATUS[draft.kind];
  const given = draft as unknown as Readonly<Record<string, unknown>>;
  const status = given["status"] ?? empty;
  return { ...given, metadata, ...(status === undefined ? {} : { status }) } as unknown as ClusterObject;
}
