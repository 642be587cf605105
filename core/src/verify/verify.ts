/** Did it help: the mode's own success test, held for its window. */
import type { Health } from "../model/failure-mode.ts";
import type { Finding } from "../model/finding.ts";
import type { IncidentIn } from "../model/incident.ts";

export type Verdict =
  | { readonly type: "helped"; readonly reason: string }
  | { readonly type: "failed"; readonly reason: string }
  /** Everything can be seen and still nobody can say: a person has to. */
  | { readonly type: "untold"; readonly reason: string }
  /** Not yet; `goodSince` is since when it has been good, if it is. */
  | { readonly type: "waiting"; readonly goodSince?: number };

type Verifying = Pick<IncidentIn<"verifying">, "holdMs" | "deadline" | "goodSince" | "sightedSince">;

/** When it is judged at the latest: its deadline, or once it has been seen for as long as a cure must hold; never while it is out of sight. */
export function judgedAt({ deadline, holdMs, sightedSince }: Verifying): number {
  return sightedSince === undefined ? Number.POSITIVE_INFINITY : Math.max(deadline, sightedSince + holdMs);
}

/**
 * Healthy without a break for `holdMs` is a success; unhealthy at the deadline is a failure. While it is good the deadline waits for the
 * window to end. A restart counter that went back to zero is nothing: only the success test counts.
 */
export function verify(verifying: Verifying, health: Health, findings: readonly Finding[], now: number): Verdict {
  const good = health.answer === "healthy" && findings.length === 0;
  if (!good) {
    if (now < judgedAt(verifying)) return { type: "waiting" };
    return health.answer === "unknown" ? { type: "untold", reason: health.reason } : { type: "failed", reason: findings[0]?.summary ?? health.reason };
  }
  const goodSince = verifying.goodSince ?? now;
  if (now - goodSince >= verifying.holdMs) {
    return { type: "helped", reason: `${health.reason}, for ${Math.round((now - goodSince) / 1000)} s` };
  }
  return { type: "waiting", goodSince };
}
