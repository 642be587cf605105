/** held: looked at again when a reason can have changed. Silent while the reasons stay the same. */

import { reasonsOf, reasonText } from "../../decide/decide.ts";
import type { Plan } from "../../model/action.ts";
import type { Decision } from "../../model/decision.ts";
import type { Incident, IncidentIn } from "../../model/incident.ts";
import { caseOf, diagnoseIncident, diagnosisKey } from "../case.ts";
import { decideFor } from "../judge.ts";
import { baseOf, move } from "../move.ts";
import { nextPlan } from "../plan.ts";
import type { Turn } from "../state.ts";
import { isBlind } from "../trust.ts";
import { BLIND_MS, hold, isSettling, RECHECK_MS, settling } from "./diagnosed.ts";
import { askFacts, isAsked } from "./facts.ts";

/** Facts that change nothing are fetched less and less often, but never more rarely than this, ms: rights may be given any day. */
const MAX_WAIT_MS = 15 * 60_000;

export function advanceHeld(turn: Turn, incident: IncidentIn<"held">): Incident {
  const { state } = turn;
  if (incident.findings.length === 0) return incident;
  const due = incident.wakeAt !== undefined && incident.wakeAt <= state.now;
  // It was proposed and nobody said anything: asking the same again would be noise, but it may go without asking.
  const expired = incident.decision === undefined && incident.wakeAt === undefined;
  // Without a plan only time ends the wait: a person said no, or the API server said later.
  const planless = incident.plan === undefined && incident.decision === undefined;
  if (planless && !due) return incident;
  const diagnosis = diagnoseIncident(state, incident);
  if (diagnosisKey(diagnosis) !== diagnosisKey(incident.diagnosis)) return reopen(turn, { ...incident, diagnosis }, "the evidence changed");
  const next = nextPlan(incident, diagnosis, caseOf(state, incident), state.policy.spec);
  if (next.type === "none" && planless && (isBlind(state.view) || isSettling(incident, state.now))) return { ...incident, wakeAt: state.now + BLIND_MS };
  if (next.type === "none") return reopen(turn, incident, next.why);
  if (planless) return reopen(turn, incident, "the wait is over");
  const preflight = incident.preflight === undefined ? undefined : { ...incident.preflight, planHash: next.plan.hash };
  const judged = decideFor(state, incident, next.plan, next.candidate, preflight, incident.approval);
  const { decision } = judged;
  if (decision.verdict === "act" || (decision.verdict === "ask" && !expired)) return reopen(turn, incident, "what held it has changed");
  if (expired) return incident;
  const known = { ...incident, plan: next.plan, candidate: next.candidate };
  // It is the facts alone that hold it, or it never had any.
  const byFacts = incident.decision === undefined ? incident.preflight === undefined : needsFacts(decision);
  if (byFacts && (due || canAskNow(turn, incident))) return fetchAgain(turn, known, next.plan);
  if (incident.decision === undefined) return byFacts ? incident : hold(turn, incident, judged, kept(known));
  if (essence(decision) !== essence(incident.decision)) {
    const { waitMs: _, ...rest } = known;
    const why = reasonText(decision);
    return move(turn, incident, { ...rest, decision, why, wakeAt: nextLook(turn, decision) }, why);
  }
  if (byFacts) return { ...known, decision };
  // Looks in between must not put off the one that is due, or a busy cluster would put it off for ever.
  const again = nextLook(turn, decision);
  return { ...known, decision, wakeAt: due || incident.wakeAt === undefined ? again : Math.min(again, incident.wakeAt) };
}

function nextLook({ state }: Turn, decision: Decision): number {
  return decision.retryAt !== undefined && decision.retryAt > state.now ? decision.retryAt : state.now + RECHECK_MS;
}

/** Asks without leaving the phase: what comes back may well be what is known, and then there is nothing to tell. */
function fetchAgain(turn: Turn, incident: IncidentIn<"held">, plan: Plan): Incident {
  const waitMs = Math.min(MAX_WAIT_MS, 2 * (incident.waitMs ?? RECHECK_MS));
  const asked = isAsked(turn.state, incident.asked) && incident.asked !== undefined ? incident.asked : askFacts(turn, incident.id, plan);
  return { ...incident, asked, waitMs, wakeAt: turn.state.now + waitMs };
}

/** What other facts than time could change: they have to be fetched again. */
function needsFacts(decision: Decision): boolean {
  return reasonsOf(decision).every((gate) => gate.gate === "permissions" || gate.gate === "dry-run");
}

/** Its dry run was left out because the Lease was not ours, and now it is: a change of leader need not cost another minute. */
function canAskNow({ state }: Turn, { preflight, asked }: IncidentIn<"held">): boolean {
  const waited = preflight?.dryRun.answer === "not-asked" && preflight.permissions.every(({ answer }) => answer === "allowed");
  return waited && state.authority.type === "leading" && !isAsked(state, asked);
}

function essence(decision: Decision): string {
  return reasonsOf(decision)
    .map((gate) => `${gate.gate}=${gate.answer}`)
    .join(" ");
}

/** What a plan that is looked at anew need not ask for again: facts count while they are fresh and about that very plan. */
function kept({ plan, preflight, approval }: IncidentIn<"held">) {
  return {
    ...(plan === undefined ? {} : { plan }),
    ...(preflight === undefined ? {} : { preflight }),
    ...(approval === undefined ? {} : { approval }),
  };
}

function reopen(turn: Turn, incident: IncidentIn<"held">, reason: string): Incident {
  const { plan, ...rest } = kept(incident);
  const { settlesAt } = plan === undefined ? incident : settling(turn);
  const patience = settlesAt === undefined ? {} : { settlesAt };
  const to = { ...baseOf(incident), phase: "diagnosed", candidate: incident.candidate, rereads: incident.rereads, ...rest, ...patience } as const;
  return move(turn, incident, to, reason);
}
