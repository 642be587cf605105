/** escalated: waits for a person, or for evidence that was not there before. */
import type { Incident, IncidentIn } from "../../model/incident.ts";
import { diagnoseIncident, diagnosisKey } from "../case.ts";
import { baseOf, move } from "../move.ts";
import { isEligible } from "../plan.ts";
import type { Turn } from "../state.ts";

export function advanceEscalated(turn: Turn, incident: IncidentIn<"escalated">): Incident {
  const { state } = turn;
  if (incident.findings.length === 0) return incident;
  // Evidence that flickers must not wear out the ledger: at most one new look per diagnosis window.
  if (state.now - incident.escalatedAt < state.policy.spec.windows.diagnose) return incident;
  const diagnosis = diagnoseIncident(state, incident);
  const best = diagnosis.candidates[0];
  const isNew = diagnosisKey(diagnosis) !== diagnosisKey(incident.diagnosis);
  if (!isNew || best === undefined || !isEligible(best, state.policy.spec)) return { ...incident, lookAt: state.now + state.policy.spec.windows.diagnose };
  const to = { ...baseOf(incident), phase: "diagnosed", mode: best.mode, diagnosis, candidate: 0, rereads: 0 } as const;
  return move(turn, incident, to, "there is new evidence");
}
