/** The API server's JSON cut down to what the engine uses. One small function per kind, in the folder beside this file. */
import type { ClusterObject, Meta, ObjectOf } from "./kube.ts";
import {
  projectConfigMap,
  projectEndpointSlice,
  projectHorizontalPodAutoscaler,
  projectLimitRange,
  projectNamespace,
  projectNode,
  projectPersistentVolumeClaim,
  projectPodDisruptionBudget,
  projectResourceQuota,
  projectService,
} from "./project/cluster-kinds.ts";
import { projectMeta } from "./project/metadata.ts";
import { projectPod } from "./project/pod.ts";
import { isRaw, type Raw } from "./project/raw.ts";
import { projectApplication, projectClusterVersion, projectEvent, projectMachineConfigPool } from "./project/records.ts";
import {
  projectControllerRevision,
  projectCronJob,
  projectDaemonSet,
  projectDeployment,
  projectJob,
  projectReplicaSet,
  projectStatefulSet,
} from "./project/workloads.ts";
import { KINDS, type Kind, RESOURCES } from "./ref.ts";

type Projections = { readonly [K in Kind]: (metadata: Meta, object: Raw) => ObjectOf<K> };

const PROJECTIONS: Projections = {
  Namespace: projectNamespace,
  Node: projectNode,
  Pod: projectPod,
  Deployment: projectDeployment,
  ReplicaSet: projectReplicaSet,
  StatefulSet: projectStatefulSet,
  DaemonSet: projectDaemonSet,
  ControllerRevision: projectControllerRevision,
  Job: projectJob,
  CronJob: projectCronJob,
  Service: projectService,
  EndpointSlice: projectEndpointSlice,
  ConfigMap: projectConfigMap,
  PersistentVolumeClaim: projectPersistentVolumeClaim,
  ResourceQuota: projectResourceQuota,
  LimitRange: projectLimitRange,
  PodDisruptionBudget: projectPodDisruptionBudget,
  HorizontalPodAutoscaler: projectHorizontalPodAutoscaler,
  Event: projectEvent,
  Application: projectApplication,
  ClusterVersion: projectClusterVersion,
  MachineConfigPool: projectMachineConfigPool,
};

/**
 * One object. `kind` is for items of a typed list, which carry neither `kind` nor `apiVersion`; where the object has them they
 * must name one of our kinds in its own API group (an Application of another group is none).
 * Returns undefined for every other kind and for what has no name or uid. Secret literals are replaced (`redact.ts`).
 */
export function project(object: unknown, kind?: Kind): ClusterObject | undefined {
  if (!isRaw(object)) return undefined;
  const found = kindOf(object) ?? (object["kind"] === undefined ? kind : undefined);
  if (found === undefined || (kind !== undefined && found !== kind)) return undefined;
  const metadata = projectMeta(found, object["metadata"]);
  return metadata === undefined ? undefined : PROJECTIONS[found](metadata, object);
}

function kindOf(object: Raw): Kind | undefined {
  const kind = KINDS.find((known) => known === object["kind"]);
  if (kind === undefined) return undefined;
  const version = object["apiVersion"];
  if (typeof version !== "string") return kind;
  const slash = version.lastIndexOf("/");
  return (slash < 0 ? "" : version.slice(0, slash)) === RESOURCES[kind].group ? kind : undefined;
}
