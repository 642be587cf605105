/** Did it help: the mode's own success test, held for its window. */
import type { Plan } from "../model/action.ts";
import type { Health } from "../model/failure-mode.ts";
import type { Finding } from "../model/finding.ts";
import type { IncidentIn } from "../model/incident.ts";
import type { View } from "../model/view.ts";

export type Verdict =
  | { readonly type: "helped"; readonly reason: string }
  | { readonly type: "failed"; readonly reason: string }
  /** Everything can be seen and still nobody can say: a person has to. */
  | { readonly type: "untold"; readonly reason: string }
  /** Not yet; `goodSince` is since when it has been good, if it is. */
  | { readonly type: "waiting"; readonly goodSince?: number };

/** Kubernetes' own default for `progressDeadlineSeconds`: what nobody has said. */
const DEFAULT_DEADLINE_MS = 600_000;
const MAX_SETTLE_MS = 2 * 3_600_000;

/** How long a cure may be without progress, ms: what policy says, or the owner of a Deployment, who knows how long its pods take to start. */
export function settleMs(plan: Pick<Plan, "owner">, view: View, byPolicyMs: number): number {
  const owner = view.find(plan.owner);
  const said = owner?.kind === "Deployment" ? owner.spec.progressDeadlineSeconds * 1_000 : 0;
  return said > DEFAULT_DEADLINE_MS ? Math.max(byPolicyMs, Math.min(said, MAX_SETTLE_MS)) : byPolicyMs;
}

type Progress = Pick<IncidentIn<"verifying">, "deadline" | "holdMs" | "actedAt" | "done" | "last">;

/** The deadline as what is seen moves it: on with every progress, to the end of what is under way, and back once that has said how it went. */
export function deadlineOf(verifying: Progress, health: Health, settle: number, jobRun: number, now: number): number {
  const { deadline, holdMs, actedAt, done } = verifying;
  if (health.answer === "under-way") return Math.max(deadline, health.until ?? actedAt + jobRun);
  if (verifying.last.answer === "under-way") return Math.min(deadline, now + holdMs);
  const isAhead = health.answer === "unhealthy" && health.done !== undefined && done !== undefined && health.done > done;
  return isAhead ? Math.max(deadline, now + settle + holdMs) : deadline;
}

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
    if (health.answer === "unknown" || health.answer === "under-way") return { type: "untold", reason: health.reason };
    return { type: "failed", reason: findings[0]?.summary ?? health.reason };
  }
  const goodSince = verifying.goodSince ?? now;
  if (now - goodSince >= verifying.holdMs) {
    return { type: "helped", reason: `${health.reason}, for ${Math.round((now - goodSince) / 1000)} s` };
  }
  return { type: "waiting", goodSince };
}
