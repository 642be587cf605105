/** What one picture of a namespace tells: conditions, container states and Events in a vocabulary without names, times and counts. */
import type { ClusterObject, Condition, Pod } from "@kintsugi/core";

/** States of workloads and pods, sorted, then the Events of each kind by first timestamp and reason; nothing twice. */
export function signature(objects: readonly ClusterObject[]): readonly string[] {
  const states = objects.flatMap(statesOf).toSorted();
  const events = objects
    .filter((object) => object.kind === "Event")
    .map((event) => ({ at: Date.parse(event.firstTimestamp), text: `Event ${event.involved.kind} ${event.reason}${shapeOf(event.message)}` }))
    .toSorted((a, b) => a.at - b.at || (a.text < b.text ? -1 : 1));
  return [...new Set([...states, ...events.map((event) => event.text)])];
}

function statesOf(object: ClusterObject): readonly string[] {
  if (object.kind === "Pod") return podStates(object);
  if (object.kind !== "Deployment" && object.kind !== "ReplicaSet" && object.kind !== "Job") return [];
  return object.status.conditions.map((condition) => `${object.kind} ${conditionText(condition)}`);
}

function podStates({ status }: Pod): readonly string[] {
  const containers = status.containerStatuses.flatMap(({ state: { waiting, running, terminated }, lastState }) => [
    ...(waiting === undefined ? [] : [`Pod waiting ${waiting.reason}`]),
    ...(running === undefined ? [] : ["Pod running"]),
    ...[terminated, lastState.terminated].flatMap((end) => (end === undefined ? [] : [`Pod terminated ${end.reason} ${end.exitCode}`])),
  ]);
  return [`Pod phase ${status.phase}`, ...status.conditions.map((condition) => `Pod ${conditionText(condition)}`), ...containers];
}

function conditionText({ type, status, reason }: Condition): string {
  return `${type}=${status}${reason === "" ? "" : ` ${reason}`}`;
}

/** Of messages only what detectors read. */
function shapeOf(message: string): string {
  return message.includes("exceeded quota") ? ": exceeded quota" : "";
}

/** Pairs `A > B` of Events of pods where the first B came at least two seconds after the first A: timestamps are whole seconds. */
export function clearOrder(objects: readonly ClusterObject[]): ReadonlySet<string> {
  const first = new Map<string, number>();
  for (const object of objects) {
    if (object.kind !== "Event" || object.involved.kind !== "Pod") continue;
    first.set(object.reason, Math.min(Date.parse(object.firstTimestamp), first.get(object.reason) ?? Infinity));
  }
  const all = [...first];
  return new Set(all.flatMap(([a, atA]) => all.filter(([, atB]) => atB - atA >= 2_000).map(([b]) => `${a} > ${b}`)));
}
