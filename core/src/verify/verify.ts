/** Did it help: the mode's own success test, held for its window, and no new trouble that the act can explain. */
import type { Health } from "../model/failure-mode.ts";
import type { Finding } from "../model/finding.ts";
import type { IncidentIn } from "../model/incident.ts";
import { sameRef } from "../model/ref.ts";
import type { View } from "../model/view.ts";

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

type Acted = Pick<IncidentIn<"verifying">, "plan" | "actedAt" | "subject">;

/**
 * A finding that began after the act and that the act can explain: on a Service that selects the owner's pods, and was not part of what the
 * act should cure. The owner's own findings are the success test's business. A node counts only if the act put pods there, which
 * no action of the catalogue does by name.
 */
export function sideEffect(acted: Acted, findings: readonly Finding[], view: View): Finding | undefined {
  return findings.find(
    (finding) =>
      finding.since > acted.actedAt && finding.subject.kind === "Service" && !sameRef(finding.subject, acted.subject) && selects(finding, acted, view),
  );
}

function selects(finding: Finding, acted: Acted, view: View): boolean {
  const { owner } = acted.plan;
  if (finding.subject.namespace !== owner.namespace) return false;
  const service = view.get("Service", finding.subject.namespace, finding.subject.name);
  const object = view.get(owner.kind, owner.namespace, owner.name);
  if (service === undefined || (object?.kind !== "Deployment" && object?.kind !== "StatefulSet" && object?.kind !== "DaemonSet")) return false;
  const pairs = Object.entries(service.spec.selector);
  const labels = object.spec.template.metadata.labels ?? {};
  return pairs.length > 0 && pairs.every(([key, value]) => labels[key] === value);
}
