/** The success test of modes in which containers end: all is there, and none has only just been started again. */
import type { Case, Health } from "../model/failure-mode.ts";
import { containerTroubles } from "../model/pod-state.ts";
import { spanText } from "../model/time.ts";
import { workloadHealth } from "../model/workload-health.ts";
import { activePods } from "./failing-pods.ts";

/** A container between two back-offs looks well: it counts once it has run for twice its last run, and for half a minute. */
const LEAST_RUN_MS = 30_000;

export function steadyHealth(given: Case): Health {
  const health = workloadHealth(given.view, given.subject);
  if (health.answer !== "healthy") return health;
  for (const pod of activePods(given)) {
    for (const trouble of containerTroubles(pod)) {
      const run = given.now - (trouble.runningSince ?? given.now);
      const least = Math.max(LEAST_RUN_MS, 2 * (trouble.lastRunMs ?? 0));
      if (trouble.ends >= 2 && run < least) {
        return { answer: "unhealthy", reason: `container ${trouble.container} of ${pod.metadata.name} has run for ${spanText(run)} since it last ended` };
      }
    }
  }
  return health;
}

/** How long until it would have happened again: three of the longest last runs with the kubelet's first back-offs, at most half an hour, ms. */
export function restartRecurrenceMs(given: Case): number {
  const runs = activePods(given).flatMap((pod) => containerTroubles(pod).map((trouble) => trouble.lastRunMs ?? 0));
  return Math.min(30 * 60_000, 3 * Math.max(0, ...runs) + 30_000);
}

/** After this a readiness probe would have failed again: delay and period x threshold of the slowest, ms. */
export function probeRecurrenceMs(given: Case): number {
  const spans = activePods(given).flatMap((pod) =>
    pod.spec.containers.map(({ readinessProbe: probe }) =>
      probe === undefined ? 0 : (probe.initialDelaySeconds ?? 0) + (probe.periodSeconds ?? 10) * (probe.failureThreshold ?? 3),
    ),
  );
  return Math.min(30 * 60_000, Math.max(10, ...spans) * 1_000);
}
