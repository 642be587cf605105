/** What an onlooker could write down: phases, conditions, reasons and Events in their order. For stories, determinism and conformance. */
import { type ClusterObject, type Condition, type ContainerStatus, type Pod, refOf, refText } from "@kintsugi/core";
import { fnv1a } from "./random.ts";
import type { World } from "./world/world.ts";

export interface Transcript {
  readonly lines: readonly string[];
  /** Hash over every line so far: equal for equal runs. */
  hash(): string;
  stop(): void;
}

/** Takes note of every change from now on. Lines: seconds since the beginning, object, what is new about it. */
export function recordTranscript(world: World, concerns: (object: ClusterObject) => boolean = () => true): Transcript {
  const lines: string[] = [];
  const begin = world.timeline.now();
  const last = new Map<string, string>();
  let hash = 0x811c9dc5;
  const stop = world.store.onAnyChange(({ before, after }) => {
    const object = (after ?? before) as ClusterObject;
    if (!concerns(object)) return;
    const text = after === undefined ? "gone" : summary(after);
    const key = object.metadata.uid;
    if (last.get(key) === text) return;
    last.set(key, text);
    const name = object.kind === "Event" ? `Event on ${object.involved.kind} ${object.involved.name}` : refText(refOf(object));
    const line = `${((world.timeline.now() - begin) / 1000).toFixed(3)}s ${name}: ${text}`;
    hash = fnv1a(line, hash);
    lines.push(line);
  });
  return { lines, hash: () => hash.toString(16).padStart(8, "0"), stop };
}

function summary(object: ClusterObject): string {
  switch (object.kind) {
    case "Pod":
      return podSummary(object);
    case "Event":
      return `${object.type} ${object.reason} x${object.count} ${object.message}`;
    case "Deployment": {
      const { replicas, updatedReplicas, readyReplicas, availableReplicas, conditions } = object.status;
      return `want ${object.spec.replicas} have ${replicas} updated ${updatedReplicas} ready ${readyReplicas} available ${availableReplicas} ${texts(conditions)}`;
    }
    case "ReplicaSet":
      return `want ${object.spec.replicas} have ${object.status.replicas} ready ${object.status.readyReplicas} ${texts(object.status.conditions)}`;
    case "StatefulSet":
      return `want ${object.spec.replicas} have ${object.status.replicas} ready ${object.status.readyReplicas} updated ${object.status.updatedReplicas}`;
    case "DaemonSet":
      return `want ${object.status.desiredNumberScheduled} ready ${object.status.numberReady} updated ${object.status.updatedNumberScheduled}`;
    case "Job":
      return `active ${object.status.active} succeeded ${object.status.succeeded} failed ${object.status.failed} ${texts(object.status.conditions)}`;
    case "Node": {
      const taints = object.spec.taints.map((taint) => `${taint.key}:${taint.effect}`).join(",");
      return `${texts(object.status.conditions)}${object.spec.unschedulable ? " cordoned" : ""} [${taints}]`;
    }
    case "EndpointSlice":
      return `${object.endpoints.filter((one) => one.ready).length}/${object.endpoints.length} ready`;
    case "ResourceQuota":
      return JSON.stringify(object.status.used);
    case "PodDisruptionBudget":
      return `allows ${object.status.disruptionsAllowed}, healthy ${object.status.currentHealthy}/${object.status.desiredHealthy}`;
    default:
      return "written";
  }
}

function podSummary(pod: Pod): string {
  const { phase, reason, containerStatuses, conditions } = pod.status;
  const deleting = pod.metadata.deletionTimestamp === undefined ? "" : " terminating";
  const where = pod.spec.nodeName === undefined ? "" : ` on ${pod.spec.nodeName}`;
  return `${phase}${reason === "" ? "" : ` ${reason}`}${deleting}${where} ${containerStatuses.map(containerText).join(" ")} ${texts(conditions)}`;
}

function containerText(status: ContainerStatus): string {
  const { waiting, running, terminated } = status.state;
  const state = waiting?.reason ?? (running === undefined ? `${terminated?.reason ?? "?"}(${terminated?.exitCode ?? ""})` : "running");
  const last = status.lastState.terminated;
  return `${status.name}=${state}${last === undefined ? "" : ` last ${last.reason}(${last.exitCode})`} restarts ${status.restartCount}`;
}

function texts(conditions: readonly Condition[]): string {
  return conditions.map((condition) => `${condition.type}=${condition.status}${condition.reason === "" ? "" : `(${condition.reason})`}`).join(" ");
}
