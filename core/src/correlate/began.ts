/** Time as a criterion: a cause began before what it explains. */
import type { Situation } from "./situation.ts";

/**
 * By so much a cause may seem to have begun after its effect. A kubelet calls a pod unready after three failed probes, 30 s by default: of two
 * pods that stop at one moment either may be called so first, by the clocks of two nodes.
 */
export const TOLERANCE_MS = 60_000;
/** A loop of restarts is claimed at its third end and dated by its last run where its pod is old: it broke others from its first end on. */
const LOOP_TOLERANCE_MS = 5 * 60_000;
const LOOPS: ReadonlySet<string> = new Set(["container-crashing", "container-start", "oom-killed"]);

export function beganBefore(cause: string, effect: string, situation: Situation): boolean {
  const isLoop = situation.groups.get(cause)?.some((finding) => LOOPS.has(finding.detector)) === true;
  return causeBegan(cause, situation) <= effectBegan(effect, situation) + (isLoop ? LOOP_TOLERANCE_MS : TOLERANCE_MS);
}

/** The earliest that is known of it: its findings, its incident, and what explains it. Infinity where nothing is wrong with it. */
export function causeBegan(key: string, situation: Situation): number {
  let began = Number.POSITIVE_INFINITY;
  for (let at: string | undefined = key; at !== undefined; at = situation.explained.get(at)?.key) {
    began = Math.min(began, situation.began.get(at) ?? Number.POSITIVE_INFINITY, situation.ongoing.get(at)?.since ?? Number.POSITIVE_INFINITY);
  }
  return began;
}

/** As its incident remembers it; what was healthy in between began anew. */
export function effectBegan(key: string, situation: Situation): number {
  const incident = situation.ongoing.get(key);
  const own = situation.began.get(key) ?? Number.POSITIVE_INFINITY;
  return incident === undefined || incident.healthySince !== undefined ? own : Math.min(own, incident.since);
}
