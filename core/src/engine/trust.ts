/** Can the cluster be seen well enough to open, close or verify anything? */
import type { Incident } from "../model/incident.ts";
import type { Kind } from "../model/ref.ts";
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

/** While the view cannot be trusted nothing counts as having been healthy: it has to be seen again for the whole window. */
export function distrust(turn: Turn): void {
  for (const incident of liveIncidents(turn.state)) {
    if (incident.healthySince !== undefined) keep(turn, { ...incident, healthySince: turn.state.now });
    else if (incident.phase === "verifying" && incident.goodSince !== undefined) keep(turn, withoutGoodSince(incident));
  }
}

function withoutGoodSince(incident: Extract<Incident, { phase: "verifying" }>): Incident {
  const { goodSince: _, ...rest } = incident;
  return rest;
}
