/**
 * What an onlooker sees of a fault, in words that a real cluster and the simulator share: for each object the phases, conditions, reasons and Events
 * in the order in which they first showed. No names, times, counts or messages: those differ from run to run, and between clusters.
 */
import { type ClusterObject, type Condition, type ContainerStatus, type Pod, refKey } from "@kintsugi/core";

/** Kinds whose own course is told; of the others only the Events are. */
const TOLD: ReadonlySet<ClusterObject["kind"]> = new Set(["Pod", "Deployment", "ReplicaSet", "StatefulSet", "Job", "EndpointSlice", "Node"]);

export class Story {
  readonly #courses = new Map<string, { readonly kind: string; readonly facts: string[] }>();

  /** Takes note of one version of an object; versions of one object in their order. */
  see(object: ClusterObject): void {
    if (object.kind === "Event") this.#note(`Events of ${object.involved.kind}`, object.involved.uid, [`${object.type} ${object.reason}`]);
    else if (TOLD.has(object.kind)) this.#note(object.kind, refKey({ ...object.metadata, kind: object.kind }), factsOf(object));
  }

  /** One line for each different course, sorted: `Pod: Pending > waiting ContainerCreating > waiting ErrImagePull`. */
  lines(): readonly string[] {
    const lines = [...this.#courses.values()].filter(({ facts }) => facts.length > 0).map(({ kind, facts }) => `${kind}: ${facts.join(" > ")}`);
    return [...new Set(lines)].toSorted();
  }

  #note(kind: string, key: string, facts: readonly string[]): void {
    const id = `${kind} ${key}`;
    const course = this.#courses.get(id) ?? { kind, facts: [] };
    this.#courses.set(id, course);
    for (const fact of facts) if (!course.facts.includes(fact)) course.facts.push(fact);
  }
}

function factsOf(object: ClusterObject): readonly string[] {
  switch (object.kind) {
    case "Pod":
      return podFacts(object);
    case "Deployment":
    case "ReplicaSet":
    case "Job":
      return object.status.conditions.map(conditionText);
    case "StatefulSet":
      return [object.status.readyReplicas >= object.spec.replicas ? "all ready" : "some not ready"];
    case "EndpointSlice":
      return [object.endpoints.some((endpoint) => endpoint.ready) ? "some ready" : "none ready"];
    case "Node": {
      const ready = object.status.conditions.filter((condition) => condition.type === "Ready").map(conditionText);
      return [...ready, ...(object.spec.unschedulable ? ["cordoned"] : []), ...object.spec.taints.map((taint) => `${taint.key}:${taint.effect}`)];
    }
    default:
      return [];
  }
}

function podFacts(pod: Pod): readonly string[] {
  const { phase, reason, initContainerStatuses, containerStatuses, conditions } = pod.status;
  return [
    `${phase}${reason === "" ? "" : ` ${reason}`}`,
    ...conditions.filter(({ type }) => type === "PodScheduled" || type === "Ready").map(conditionText),
    ...[...initContainerStatuses, ...containerStatuses].map(containerText),
    ...(pod.metadata.deletionTimestamp === undefined ? [] : ["terminating"]),
  ];
}

function containerText({ state: { waiting, running, terminated } }: ContainerStatus): string {
  if (waiting !== undefined) return `waiting ${waiting.reason}`;
  if (running !== undefined) return "running";
  return `terminated ${terminated?.reason ?? ""} ${terminated?.exitCode ?? ""}`;
}

function conditionText({ type, status, reason }: Condition): string {
  return `${type}=${status}${reason === "" ? "" : ` ${reason}`}`;
}
