/** open: looked at until a diagnosis is good enough, or its deadline passes. */
import type { Incident, IncidentIn } from "../../model/incident.ts";
import { diagnoseIncident } from "../case.ts";
import { baseOf, move } from "../move.ts";
import { diagnosisText, isEligible, runbookOf } from "../plan.ts";
import type { Turn } from "../state.ts";

export function advanceOpen(turn: Turn, incident: IncidentIn<"open">): Incident {
  const { state } = turn;
  if (incident.findings.length === 0) return incident;
  const diagnosis = diagnoseIncident(state, incident);
  const best = diagnosis.candidates[0];
  if (best !== undefined && isEligible(best, state.policy.spec)) {
    const to = { ...baseOf(incident), phase: "diagnosed", mode: best.mode, diagnosis, candidate: 0, rereads: 0 } as const;
    return move(turn, incident, to, diagnosisText(best));
  }
  if (state.now < incident.deadline) return { ...incident, diagnosis };
  const why = best === undefined ? "not provable from what is visible" : `the best guess (${best.mode}) is below the confidence that policy asks for`;
  return escalate(turn, { ...incident, diagnosis }, why, "a person to look at the evidence");
}

/** Hands the incident to people, with the runbook of its mode. */
export function escalate(turn: Turn, incident: Incident, why: string, waitsFor: string): Incident {
  const plan = "plan" in incident ? incident.plan : undefined;
  const to = {
    ...baseOf(incident),
    phase: "escalated",
    escalatedAt: turn.state.now,
    why,
    waitsFor: `${waitsFor}; see ${runbookOf(incident.mode)}`,
    ...(plan === undefined ? {} : { plan }),
  } as const;
  return move(turn, incident, to, why);
}
