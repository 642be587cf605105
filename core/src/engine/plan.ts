/** From a diagnosis to the next plan: candidates in order, remedies safest first, nothing twice that did not help. */

import { actionOf } from "../act/catalog.ts";
import { seal } from "../act/seal.ts";
import { modeOf } from "../diagnose/catalog.ts";
import type { Plan } from "../model/action.ts";
import type { Candidate, Diagnosis } from "../model/diagnosis.ts";
import type { Case, FailureMode, Remedy } from "../model/failure-mode.ts";
import type { Attempt, Incident } from "../model/incident.ts";
import { matchesPattern } from "../model/pattern.ts";
import type { PolicySpec } from "../model/policy.ts";
import { refKey } from "../model/ref.ts";
import { attemptsMade } from "./attempts.ts";

export type NextPlan =
  | { readonly type: "plan"; readonly plan: Plan; readonly candidate: number }
  /** Nothing is left that could be tried; `why` is for the person who takes over. */
  | { readonly type: "none"; readonly why: string };

export function isEligible(candidate: Candidate, policy: PolicySpec): boolean {
  return candidate.confidence.type === "unproven" || candidate.confidence.share >= policy.minConfidence.ask;
}

/**
 * The next plan for an incident. Only the best candidate is tried at first; a lower one has its turn after the better one's remedies were
 * carried out and did not help. Of a best candidate without any remedy the answer is `none`: guessing further down would be acting on less.
 */
export function nextPlan(incident: Incident, diagnosis: Diagnosis, given: Case, policy: PolicySpec): NextPlan {
  if (attemptsMade(incident) >= policy.limits.attemptsPerTarget) {
    return { type: "none", why: `${policy.limits.attemptsPerTarget} attempts were made and none helped` };
  }
  const reasons: string[] = [];
  for (const [index, candidate] of diagnosis.candidates.entries()) {
    const mode = modeOf(candidate.mode);
    if (mode === undefined || !isEligible(candidate, policy)) continue;
    const tried = incident.attempts.some((attempt) => attempt.plan.mode === candidate.mode);
    for (const remedy of mode.remedies(given)) {
      if (wasTried(incident, remedy)) continue;
      const planned = bind(incident, remedy, mode, given, policy);
      if (planned.type === "plan") return { type: "plan", plan: planned.plan, candidate: index };
      reasons.push(`${remedy.action}: ${planned.reason}`);
    }
    // Past a better candidate that was tried: a lower one without a remedy is not what the person has to hear.
    if (!tried && index > 0) break;
    if (!tried) return { type: "none", why: reasons.length > 0 ? reasons.join("; ") : `${mode.title}: no remedy is safe to carry out by itself` };
  }
  return { type: "none", why: reasons.length > 0 ? reasons.join("; ") : "everything that could help was tried" };
}

const IN_VAIN: ReadonlySet<Attempt["outcome"]> = new Set(["did-not-help", "undone", "undo-failed"]);

/** What helped before may help again when the trouble is back, and what was never carried out is not tried yet; the limit of attempts bounds both. */
function wasTried(incident: Incident, remedy: Remedy): boolean {
  return incident.attempts.some(
    (attempt) => IN_VAIN.has(attempt.outcome) && attempt.plan.action === remedy.action && refKey(attempt.plan.target) === refKey(remedy.target),
  );
}

function bind(
  incident: Incident,
  remedy: Remedy,
  mode: FailureMode,
  given: Case,
  policy: PolicySpec,
): { type: "plan"; plan: Plan } | { type: "impossible"; reason: string } {
  const action = actionOf(remedy.action);
  if (action === undefined) throw new Error(`mode ${mode.id} names the action ${remedy.action}, which is not in the catalogue`);
  const named = policy.idempotentJobs.some((pattern) => matchesPattern(pattern, `${remedy.target.namespace}/${remedy.target.name}`));
  const params = { ...remedy.params, factor: policy.memoryFactor, ...(named ? { allowed: true } : {}) };
  // A plan must not differ from itself a second later, or no approval could be bound to it: its time is the incident's, one per attempt.
  const now = incident.openedAt + attemptsMade(incident);
  const planned = action.plan(remedy.target, params, { view: given.view, now });
  if (planned.type === "impossible") return planned;
  return { type: "plan", plan: seal(planned.draft, { mode: mode.id, owner: given.subject }) };
}

/** Where people read on: the mode's page. */
export function runbookOf(mode: string | undefined): string {
  return mode === undefined ? "docs/runbooks/README.md" : `docs/runbooks/${mode}.md`;
}

/** The diagnosis as one sentence, which stands beside what it is about. */
export function diagnosisText(best: Candidate): string {
  const title = modeOf(best.mode)?.title ?? best.mode;
  const confidence =
    best.confidence.type === "measured" ? `${Math.round(best.confidence.share * 100)} % of ${best.confidence.cases} measured cases` : "unproven";
  return `${title} (${confidence})`;
}
