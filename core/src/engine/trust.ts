/** Can the cluster be seen well enough to open, close or verify anything? */
import type { Health } from "../model/failure-mode.ts";
import type { IncidentIn } from "../model/incident.ts";
import { KINDS, type Kind } from "../model/ref.ts";
import type { View } from "../model/view.ts";
import { keep } from "./move.ts";
import { liveIncidents, type State, type Turn } from "./state.ts";

/** Without these nothing can be said about workloads. A forbidden kind is a gap that detectors and gates know about; a stale one is a lie. */
const NEEDED: readonly Kind[] = ["Node", "Pod", "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job", "Service", "Event"];

export function isTrusted(state: State): boolean {
  return NEEDED.every((kind) => {
    const health = state.view.health(kind);
    return health === "live" || health === "forbidden";
  });
}

/** A kind that was seen and is not now: what cannot be told or planned without it may well be once it is back. */
export function isBlind(view: View): boolean {
  return KINDS.some((kind) => view.health(kind) === "stale" || view.health(kind) === "unsynced");
}

const UNSEEN: Health = { answer: "unknown", reason: "the cluster cannot be seen well enough to tell" };

/** What was seen of a cure no longer counts: its windows begin with the next sight. */
export function outOfSight(incident: IncidentIn<"verifying">): IncidentIn<"verifying"> {
  const { goodSince: _, sightedSince: __, harm: ___, asked: ____, retryAt: _____, ...rest } = incident;
  return { ...rest, last: UNSEEN };
}

/** While the view cannot be trusted nothing counts as having been healthy: it has to be seen again for the whole window. */
export function distrust(turn: Turn): void {
  for (const incident of liveIncidents(turn.state)) {
    const seen = incident.phase === "verifying" && incident.sightedSince !== undefined ? outOfSight(incident) : incident;
    const since = seen.healthySince === undefined ? seen : { ...seen, healthySince: turn.state.now };
    if (since !== incident) keep(turn, since);
  }
}
