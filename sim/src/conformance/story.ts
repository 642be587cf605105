/**
 * What an onlooker sees of a situation, in words that a real cluster and the simulator share: for each object the phases, conditions, reasons and
 * Events, in the order in which they first showed. No names, times, counts or messages: those differ from run to run, and between clusters.
 */
import { type ClusterObject, type Condition, type ContainerStatus, conditionOf, type Kind, type Node, type Pod, type Ref, refKey, refOf } from "@kintsugi/core";

/** Kinds whose own course is told; of the others only the Events are. */
export const TOLD: ReadonlySet<Kind> = new Set(["Pod", "Deployment", "ReplicaSet", "StatefulSet", "Job", "EndpointSlice", "Node"]);

/**
 * For each role (`Pod`, `Events of ReplicaSet from before`) the different courses of the objects in it, sorted. A course is what each version of
 * the object was the first to show: `Pending > PodScheduled=True > Ready=False ContainersNotReady & waiting ContainerCreating`.
 */
export type Told = Readonly<Record<string, readonly string[]>>;

interface Course {
  readonly kind: string;
  /** What it showed, a step for each version that showed something new. */
  readonly steps: string[][];
  readonly events: string[][];
  readonly isFromBefore: boolean;
  /** What became of it, where that tells one object of its kind from another. */
  end: string;
}

export class Story {
  readonly #courses = new Map<string, Course>();
  readonly #uids = new Map<string, string>();
  #facts = 0;

  /** `before`: what is there when it begins. */
  constructor(before: Iterable<ClusterObject> = []) {
    for (const object of before) if (TOLD.has(object.kind)) this.#show(object, true);
  }

  /** How much it has told: stands still while nothing new shows. */
  get length(): number {
    return this.#facts;
  }

  /** Takes note of one version of an object; versions of one object in their order. */
  see(object: ClusterObject): void {
    if (TOLD.has(object.kind)) this.#show(object, false);
    if (object.kind !== "Event") return;
    const { kind, name, uid } = object.involved;
    // A kubelet names its node by name alone.
    const key = kind === "Node" ? (this.#uids.get(refKey({ kind, namespace: "", name })) ?? uid) : uid;
    this.#note(this.#course(key, kind, false).events, [`${object.type} ${object.reason}`]);
  }

  /** The object is no more. */
  gone(ref: Ref): void {
    const course = this.#courses.get(this.#uids.get(refKey(ref)) ?? "");
    if (course !== undefined) this.#note(course.steps, ["gone"]);
  }

  told(): Told {
    const told = new Map<string, Set<string>>();
    const add = (role: string, steps: readonly (readonly string[])[]) => {
      if (steps.length > 0) told.set(role, (told.get(role) ?? new Set()).add(steps.map((step) => step.join(" & ")).join(" > ")));
    };
    for (const { kind, isFromBefore, end, steps, events } of this.#courses.values()) {
      const role = `${kind}${isFromBefore ? " from before" : ""}${end}`;
      // What was there and did nothing is no part of the story.
      if (!isFromBefore || steps.length > 1 || events.length > 0) add(role, steps);
      add(`Events of ${role}`, events);
    }
    return Object.fromEntries([...told].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([role, courses]) => [role, [...courses].toSorted()]));
  }

  #course(uid: string, kind: string, isFromBefore: boolean): Course {
    const known = this.#courses.get(uid);
    if (known !== undefined) return known;
    const course: Course = { kind, steps: [], events: [], isFromBefore, end: "" };
    this.#courses.set(uid, course);
    return course;
  }

  #show(object: ClusterObject, isFromBefore: boolean): void {
    const { uid } = object.metadata;
    this.#uids.set(refKey(refOf(object)), uid);
    const course = this.#course(uid, object.kind, isFromBefore);
    course.end = endOf(object);
    this.#note(course.steps, factsOf(object));
  }

  #note(steps: string[][], facts: readonly string[]): void {
    const fresh = [...new Set(facts)].filter((fact) => !steps.some((step) => step.includes(fact))).toSorted();
    if (fresh.length === 0) return;
    steps.push(fresh);
    this.#facts += fresh.length;
  }
}

/** Whose story the object belongs to: its namespace's, or the nodes' (empty), as the Events on them do, which lie in a namespace of their own. */
export function placeOf(object: ClusterObject): string {
  return object.kind === "Event" && object.involved.kind === "Node" ? "" : object.metadata.namespace;
}

function endOf(object: ClusterObject): string {
  if (object.kind === "Node") return isLost(object) ? " that is lost" : "";
  if (object.kind !== "Pod") return "";
  const { phase, reason } = object.status;
  return phase === "Succeeded" || phase === "Failed" ? ` that ${phase}${reason === "" ? "" : ` ${reason}`}` : "";
}

function isLost({ status }: Node): boolean {
  return conditionOf(status.conditions, "Ready")?.status !== "True";
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
      return [endpointsText(object.endpoints)];
    case "Node": {
      const ready = object.status.conditions.filter((condition) => condition.type === "Ready").map(conditionText);
      return [...ready, ...(object.spec.unschedulable ? ["cordoned"] : []), ...object.spec.taints.map((taint) => `${taint.key}:${taint.effect}`)];
    }
    default:
      return [];
  }
}

function endpointsText(endpoints: readonly { readonly ready: boolean }[]): string {
  if (endpoints.length === 0) return "empty";
  return endpoints.some((endpoint) => endpoint.ready) ? "some ready" : "none ready";
}

function podFacts(pod: Pod): readonly string[] {
  const { phase, reason, initContainerStatuses, containerStatuses, conditions } = pod.status;
  const containers = [...initContainerStatuses, ...containerStatuses];
  return [
    `${phase}${reason === "" ? "" : ` ${reason}`}`,
    ...conditions.map(conditionText),
    ...containers.map(containerText),
    ...(containers.some((status) => status.restartCount > 0) ? ["restarted"] : []),
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
