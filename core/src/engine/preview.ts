/** What would be planned and decided about an incident as things are now. A question: it changes nothing, and nothing is asked of the cluster for it. */
import type { Plan } from "../model/action.ts";
import type { Decision } from "../model/decision.ts";
import type { Diagnosis } from "../model/diagnosis.ts";
import { type Incident, isInFlight, type Preflight } from "../model/incident.ts";
import type { Policy } from "../model/policy.ts";
import { caseOf, diagnoseIncident } from "./case.ts";
import { decideFor } from "./judge.ts";
import { isEligible, nextPlan } from "./plan.ts";
import type { State } from "./state.ts";

export interface Preview {
  readonly incident: Incident;
  readonly diagnosis: Diagnosis;
  /** What the engine would do next, if anything, and what the gates say to it. */
  readonly next: { readonly plan: Plan; readonly decision: Decision } | { readonly plan?: never; readonly why: string };
}

export interface PreviewOptions {
  /** Instead of the one in force. Detection keeps the windows of that one: the findings are those of now. */
  readonly policy?: Policy;
  /** Facts about the plan of this hash; by default those that the incident has. Without any the gates that need them do not know. */
  readonly preflight?: Preflight;
}

/** Undefined where there is no such incident in memory, and where it has ended or is in flight: then there is nothing to plan. */
export function preview(state: State, id: string, { policy = state.policy, preflight }: PreviewOptions = {}): Preview | undefined {
  const incident = state.incidents.get(id);
  if (incident === undefined || incident.phase === "resolved" || isInFlight(incident)) return undefined;
  // The gates ask which kinds diagnosis and plan depend on, so their reads are followed here too.
  return state.view.track(() => previewOf({ ...state, policy }, incident, preflight)).result;
}

function previewOf(state: State, incident: Incident, facts: Preflight | undefined): Preview {
  const diagnosis = diagnoseIncident(state, incident);
  const none = (why: string): Preview => ({ incident, diagnosis, next: { why } });
  if (incident.findings.length === 0) return none("nothing is wrong with it at the moment; it is watched until it has been well for long enough");
  const best = diagnosis.candidates[0];
  if (best === undefined) return none("what was seen fits no known failure mode");
  if (!isEligible(best, state.policy.spec)) return none(`the best guess (${best.mode}) is below the confidence that policy asks for`);
  const diagnosed: Incident = { ...incident, diagnosis, mode: best.mode };
  const next = nextPlan(diagnosed, diagnosis, caseOf(state, diagnosed), state.policy.spec);
  if (next.type === "none") return none(next.why);
  const known = facts ?? ("preflight" in incident ? incident.preflight : undefined);
  const preflight = known?.planHash === next.plan.hash ? known : undefined;
  const approval = incident.phase === "awaiting" ? incident.proposal.approval : "approval" in incident ? incident.approval : undefined;
  const { decision } = decideFor(state, diagnosed, next.plan, next.candidate, preflight, approval);
  return { incident, diagnosis, next: { plan: next.plan, decision } };
}
