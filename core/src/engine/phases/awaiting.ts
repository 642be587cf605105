/** awaiting: a person is asked. The proposal is bound to the plan; when the plan would be another one now, it is proposed anew. */
import type { Incident, IncidentIn } from "../../model/incident.ts";
import { caseOf, diagnoseIncident } from "../case.ts";
import { decideFor } from "../judge.ts";
import { baseOf, move } from "../move.ts";
import { nextPlan } from "../plan.ts";
import type { Turn } from "../state.ts";
import { hold, settling } from "./diagnosed.ts";
import { escalate } from "./open.ts";

export function advanceAwaiting(turn: Turn, incident: IncidentIn<"awaiting">): Incident {
  const { state } = turn;
  const { proposal } = incident;
  if (state.now >= proposal.expiresAt) return expire(turn, incident);
  if (incident.findings.length === 0) return incident;
  const diagnosis = diagnoseIncident(state, incident);
  const next = nextPlan(incident, diagnosis, caseOf(state, incident), state.policy.spec);
  if (next.type === "none" || next.plan.hash !== proposal.plan.hash) {
    const to = { ...baseOf(incident), phase: "diagnosed", candidate: incident.candidate, rereads: incident.rereads, ...settling(turn) } as const;
    return move(turn, incident, to, "the situation changed since it was proposed");
  }
  const kept = proposal.approval === undefined ? {} : { approval: proposal.approval };
  const judged = decideFor(state, incident, proposal.plan, incident.candidate, incident.preflight, proposal.approval);
  switch (judged.decision.verdict) {
    case "ask":
      return incident;
    case "act": {
      const to = { ...baseOf(incident), phase: "diagnosed", candidate: incident.candidate, rereads: incident.rereads, ...kept } as const;
      return move(turn, incident, to, proposal.approval === undefined ? "policy allows it now without asking" : "policy wants no second person any more");
    }
    case "hold":
      return hold(turn, incident, judged, { plan: proposal.plan, ...kept, ...(incident.preflight === undefined ? {} : { preflight: incident.preflight }) });
  }
}

function expire(turn: Turn, incident: IncidentIn<"awaiting">): Incident {
  const why = "nobody decided before the proposal expired; it can be proposed again";
  if (turn.state.policy.spec.escalateExpired) return escalate(turn, incident, why, "a person to decide");
  const to = {
    ...baseOf(incident),
    phase: "held",
    plan: incident.proposal.plan,
    ...(incident.preflight === undefined ? {} : { preflight: incident.preflight }),
    candidate: incident.candidate,
    why,
    rereads: incident.rereads,
  } as const;
  return move(turn, incident, to, why);
}
