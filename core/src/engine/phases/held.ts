/** held: looked at again when a reason can have changed. Silent while the reasons stay the same. */

import { reasonsOf, reasonText } from "../../decide/decide.ts";
import type { Decision } from "../../model/decision.ts";
import type { Incident, IncidentIn } from "../../model/incident.ts";
import { caseOf, diagnoseIncident, diagnosisKey } from "../case.ts";
import { decideFor } from "../judge.ts";
import { baseOf, move } from "../move.ts";
import { nextPlan } from "../plan.ts";
import type { Turn } from "../state.ts";

const RECHECK_MS = 60_000;

export function advanceHeld(turn: Turn, incident: IncidentIn<"held">): Incident {
  const { state } = turn;
  if (incident.findings.length === 0) return incident;
  const due = incident.wakeAt !== undefined && incident.wakeAt <= state.now;
  if (incident.decision === undefined) return due ? reopen(turn, incident, "the wait is over") : incident;
  const diagnosis = diagnoseIncident(state, incident);
  if (diagnosisKey(diagnosis) !== diagnosisKey(incident.diagnosis)) return reopen(turn, { ...incident, diagnosis }, "the evidence changed");
  const next = nextPlan(incident, diagnosis, caseOf(state, incident), state.policy.spec);
  if (next.type === "none") return reopen(turn, incident, next.why);
  const preflight = incident.preflight === undefined ? undefined : { ...incident.preflight, planHash: next.plan.hash };
  const { decision } = decideFor(state, incident, next.plan, next.candidate, preflight, incident.approval);
  if (decision.verdict !== "hold") return reopen(turn, incident, "what held it has changed");
  if ((due || canAskNow(turn, incident)) && needsFacts(decision)) return reopen(turn, incident, "facts are fetched again");
  const again = decision.retryAt !== undefined && decision.retryAt > state.now ? decision.retryAt : state.now + RECHECK_MS;
  // Looks in between must not put off the one that is due, or a busy cluster would put it off for ever.
  const wakeAt = due || incident.wakeAt === undefined ? again : Math.min(again, incident.wakeAt);
  const known = { ...incident, plan: next.plan, candidate: next.candidate, decision, wakeAt };
  if (essence(decision) === essence(incident.decision)) return known;
  const why = reasonText(decision);
  return move(turn, incident, { ...known, why }, why);
}

/** What other facts than time could change: they have to be fetched again. */
function needsFacts(decision: Decision): boolean {
  return reasonsOf(decision).every((gate) => gate.gate === "permissions" || gate.gate === "dry-run");
}

/** Its dry run was left out because the Lease was not ours, and now it is: a change of leader need not cost another minute. */
function canAskNow({ state }: Turn, { preflight }: IncidentIn<"held">): boolean {
  const waited = preflight?.dryRun.answer === "not-asked" && preflight.permissions.every(({ answer }) => answer === "allowed");
  return waited && state.authority.type === "leading";
}

function essence(decision: Decision): string {
  return reasonsOf(decision)
    .map((gate) => `${gate.gate}=${gate.answer}`)
    .join(" ");
}

function reopen(turn: Turn, incident: IncidentIn<"held">, reason: string): Incident {
  const to = {
    ...baseOf(incident),
    phase: "diagnosed",
    candidate: incident.candidate,
    rereads: incident.rereads,
    ...(incident.approval === undefined ? {} : { approval: incident.approval }),
  } as const;
  return move(turn, incident, to, reason);
}
