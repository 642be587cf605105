/**
 * StatefulSet controller, OrderedReady and RollingUpdate (pkg/controller/statefulset/stateful_set_control.go). One step a pass: a broken
 * ordinal stops everything behind it, also the roll back that would cure it, as in the real one.
 */
import { controllerOf, type Pod, PortError, type StatefulSet } from "@kintsugi/core";
import { controllerActor } from "../api/actor.ts";
import { sameJson } from "../world/same.ts";
import type { World } from "../world/world.ts";
import { isReady, isTerminal, podFromTemplate } from "./pods.ts";
import { keyOf, splitKey, WorkQueue } from "./queue.ts";
import { type Revised, reviseTemplate } from "./revisions.ts";

const ACTOR = controllerActor("statefulset-controller");
const SOURCE = "statefulset-controller";
const REVISION = "controller-revision-hash";

export function startStatefulSets(world: World): void {
  const queue = new WorkQueue(world, "statefulset", (key) => reconcile(world, key));
  world.store.onChange(["StatefulSet"], ({ before, after }) => queue.add(keyOf((after ?? before)?.metadata ?? { namespace: "", name: "" })));
  world.store.onChange(["Pod"], ({ before, after }) => {
    const pod = after ?? before;
    const owner = pod === undefined ? undefined : controllerOf(pod);
    if (pod !== undefined && owner?.kind === "StatefulSet") queue.add(`${pod.metadata.namespace}/${owner.name}`);
  });
}

function reconcile(world: World, key: string): void {
  const { namespace, name } = splitKey(key);
  const set = world.store.get("StatefulSet", namespace, name);
  if (set === undefined || set.metadata.deletionTimestamp !== undefined) return;
  const revised = reviseTemplate(world, ACTOR, set);
  let failure: PortError | undefined;
  try {
    step(world, set, revised);
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    failure = error;
  }
  const fresh = world.store.get("StatefulSet", namespace, name);
  if (fresh !== undefined) writeStatus(world, fresh, revised);
  if (failure !== undefined) throw failure;
}

function ordinalOf(pod: Pod): number {
  return Number(pod.metadata.name.slice(pod.metadata.name.lastIndexOf("-") + 1));
}

function isHealthy(pod: Pod): boolean {
  return isReady(pod) && pod.metadata.deletionTimestamp === undefined;
}

function step(world: World, set: StatefulSet, revised: Revised): void {
  const pods = world.store.ownedBy("Pod", set.metadata.uid);
  const at = (ordinal: number) => pods.find((pod) => ordinalOf(pod) === ordinal);
  const isOrdered = set.spec.podManagementPolicy !== "Parallel";
  for (let ordinal = 0; ordinal < set.spec.replicas; ordinal += 1) {
    const pod = at(ordinal);
    if (pod === undefined) create(world, set, ordinal, revised);
    else if (isTerminal(pod) && pod.metadata.deletionTimestamp === undefined) remove(world, set, pod, true);
    if (isOrdered && (pod === undefined || !isHealthy(pod))) return;
  }
  const condemned = pods.filter((pod) => ordinalOf(pod) >= set.spec.replicas).sort((a, b) => ordinalOf(b) - ordinalOf(a));
  for (const pod of condemned) {
    if (pod.metadata.deletionTimestamp === undefined) remove(world, set, pod, false);
    if (isOrdered) return;
  }
  for (let ordinal = set.spec.replicas - 1; ordinal >= 0; ordinal -= 1) {
    const pod = at(ordinal);
    if (pod === undefined) return;
    const isOld = pod.metadata.labels[REVISION] !== revised.revision.metadata.name;
    if (isOld && pod.metadata.deletionTimestamp === undefined) remove(world, set, pod, false);
    if (isOld || !isHealthy(pod)) return;
  }
}

function create(world: World, set: StatefulSet, ordinal: number, revised: Revised): void {
  const name = `${set.metadata.name}-${ordinal}`;
  const revision = revisionFor(world, set, ordinal, revised);
  const labels = { [REVISION]: revision.name, "statefulset.kubernetes.io/pod-name": name, "apps.kubernetes.io/pod-index": String(ordinal) };
  try {
    world.api.create(ACTOR, podFromTemplate(set, revision.template, name, labels));
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    const message = `create Pod ${name} in StatefulSet ${set.metadata.name} failed error: ${error.failure.message}`;
    world.events.emit(SOURCE, set, { type: "Warning", reason: "FailedCreate", message });
    throw error;
  }
  const message = `create Pod ${name} in StatefulSet ${set.metadata.name} successful`;
  world.events.emit(SOURCE, set, { type: "Normal", reason: "SuccessfulCreate", message });
}

/** While an update is under way, ordinals that it has not reached are re-created from the current revision (newVersionedStatefulSetPod). */
function revisionFor(
  world: World,
  set: StatefulSet,
  ordinal: number,
  revised: Revised,
): { readonly name: string; readonly template: StatefulSet["spec"]["template"] } {
  const update = { name: revised.revision.metadata.name, template: set.spec.template };
  const { currentRevision, replicas } = set.status;
  if (currentRevision === "" || currentRevision === update.name) return update;
  const current = world.store.get("ControllerRevision", set.metadata.namespace, currentRevision);
  const onCurrent = world.store.ownedBy("Pod", set.metadata.uid).filter((pod) => pod.metadata.labels[REVISION] === currentRevision).length;
  const isReached = ordinal >= Math.min(onCurrent, replicas);
  return isReached || current?.template === undefined ? update : { name: currentRevision, template: current.template };
}

function remove(world: World, set: StatefulSet, pod: Pod, hasFailed: boolean): void {
  world.api.remove(ACTOR, { kind: "Pod", namespace: pod.metadata.namespace, name: pod.metadata.name }, { uid: pod.metadata.uid });
  const message = `delete Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name} successful`;
  if (hasFailed) {
    const why = `StatefulSet ${set.metadata.namespace}/${set.metadata.name} is recreating failed Pod ${pod.metadata.name}`;
    world.events.emit(SOURCE, set, { type: "Warning", reason: "RecreatingFailedPod", message: why });
  }
  world.events.emit(SOURCE, set, { type: "Normal", reason: "SuccessfulDelete", message });
}

function writeStatus(world: World, set: StatefulSet, { revision }: Revised): void {
  const pods = world.store.ownedBy("Pod", set.metadata.uid).filter((pod) => !isTerminal(pod));
  const ready = pods.filter(isReady).length;
  const updateRevision = revision.metadata.name;
  const updatedReplicas = pods.filter((pod) => pod.metadata.labels[REVISION] === updateRevision && pod.metadata.deletionTimestamp === undefined).length;
  const isDone = updatedReplicas === set.spec.replicas && ready === set.spec.replicas && pods.length === set.spec.replicas;
  const status: StatefulSet["status"] = {
    observedGeneration: set.metadata.generation ?? 0,
    replicas: pods.length,
    readyReplicas: ready,
    updatedReplicas,
    availableReplicas: ready,
    currentRevision: isDone || set.status.currentRevision === "" ? updateRevision : set.status.currentRevision,
    updateRevision,
  };
  if (!sameJson(status, set.status)) world.api.update(ACTOR, { ...set, status }, { subresource: "status" });
}
