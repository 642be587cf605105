/** diagnosed: a plan is made, facts for it are fetched, and every gate is asked. */

import { backersOf } from "../../decide/backing.ts";
import { reasonText } from "../../decide/decide.ts";
import type { Plan } from "../../model/action.ts";
import type { Approval, Incident, IncidentIn, Preflight } from "../../model/incident.ts";
import { stepRef } from "../../model/step.ts";
import { noteBefore } from "../../verify/side-effect.ts";
import { backing } from "../approve.ts";
import { beginAttempt } from "../attempts.ts";
import { caseOf, diagnoseIncident } from "../case.ts";
import { decideFor, inputsOf, type Judged } from "../judge.ts";
import { baseOf, move } from "../move.ts";
import { nextPlan } from "../plan.ts";
import { emitRecord, nextEffectId, type Turn } from "../state.ts";
import { isBlind } from "../trust.ts";
import { askFacts, isAsked } from "./facts.ts";
import { escalate } from "./open.ts";

/** Facts older than this are fetched again before anything is decided on them, ms. */
export const PREFLIGHT_FRESH_MS = 10_000;

/** How long a plan waits for a watch to come back before it is tried again, ms. */
export const BLIND_MS = 30_000;

/** A held plan is looked at again after this even when nothing seems to have changed, ms. */
export const RECHECK_MS = 60_000;

export function advanceDiagnosed(turn: Turn, incident: IncidentIn<"diagnosed">): Incident {
  const { state } = turn;
  if (incident.findings.length === 0) return incident;
  const diagnosis = diagnoseIncident(state, incident);
  const best = diagnosis.candidates[0];
  if (best === undefined) {
    const why = "what was seen no longer fits any known failure mode";
    const planless = withoutPlan({ ...incident, diagnosis });
    return isSettling(incident, state.now) ? wait(turn, planless, why) : escalate(turn, planless, why, "a person to look at the evidence");
  }
  const current: IncidentIn<"diagnosed"> = { ...incident, diagnosis, mode: best.mode };
  const next = nextPlan(current, diagnosis, caseOf(state, current), state.policy.spec);
  if (next.type === "none" && (isBlind(state.view) || isSettling(current, state.now))) return wait(turn, withoutPlan(current), next.why);
  if (next.type === "none") return escalate(turn, withoutPlan(current), next.why, "a person, who has more means than this engine");
  const { plan, candidate } = next;
  const fresh = usable(current.preflight, plan, state.now);
  if (fresh === undefined) return ask(turn, { ...current, plan, candidate }, plan);
  return judge(turn, { ...current, plan, candidate, preflight: fresh }, plan, fresh);
}

/**
 * A plan that was possible a moment ago and is not now means that somebody or something else is at work on it: what is seen of that comes piece by
 * piece, and to call a person over the pieces would be noise. It gets as long as a diagnosis may take.
 */
export function settling(turn: Turn): { readonly settlesAt: number } {
  return { settlesAt: turn.state.now + turn.state.policy.spec.windows.diagnose };
}

export function isSettling({ settlesAt }: { readonly settlesAt?: number }, now: number): boolean {
  return settlesAt !== undefined && now < settlesAt;
}

function wait(turn: Turn, incident: IncidentIn<"diagnosed">, why: string): Incident {
  const { approval: _, ...rest } = incident;
  return move(turn, incident, { ...rest, phase: "held", wakeAt: turn.state.now + BLIND_MS, why }, why);
}

function usable(preflight: Preflight | undefined, plan: Plan, now: number): Preflight | undefined {
  return preflight !== undefined && preflight.planHash === plan.hash && now - preflight.at <= PREFLIGHT_FRESH_MS ? preflight : undefined;
}

function withoutPlan(incident: IncidentIn<"diagnosed">): IncidentIn<"diagnosed"> {
  const { plan: _, preflight: __, asked: ___, ...rest } = incident;
  return rest;
}

/** Once per plan: while an answer is on its way no other is asked for. */
function ask(turn: Turn, incident: IncidentIn<"diagnosed">, plan: Plan): Incident {
  const { preflight: _, ...bare } = incident;
  return isAsked(turn.state, incident.asked) ? bare : { ...bare, asked: askFacts(turn, incident.id, plan) };
}

function judge(turn: Turn, incident: IncidentIn<"diagnosed">, plan: Plan, preflight: Preflight): Incident {
  const judged = decideFor(turn.state, incident, plan, incident.candidate, preflight, incident.approval);
  switch (judged.decision.verdict) {
    case "act":
      return begin(turn, incident, plan, judged);
    case "ask":
      return propose(turn, incident, plan, judged, preflight);
    case "hold":
      return hold(turn, incident, judged, { plan, preflight, ...(incident.approval === undefined ? {} : { approval: incident.approval }) });
  }
}

function begin(turn: Turn, incident: IncidentIn<"diagnosed">, plan: Plan, judged: Judged): Incident {
  const { state } = turn;
  const attempts = beginAttempt(incident, {
    plan,
    startedAt: state.now,
    ...(incident.approval === undefined ? {} : { approvedBy: incident.approval.by, backers: backersOf(incident.approval) }),
    outcome: "running",
    detail: plan.summary,
  });
  const effect = nextEffectId(turn, incident.id);
  const to = {
    ...baseOf(incident),
    attempts,
    phase: "acting",
    plan,
    candidate: incident.candidate,
    step: 0,
    effect,
    looking: false,
    before: noteBefore(plan.owner, state.detection.findings(), state.view),
    rereads: incident.rereads,
    ...(incident.approval === undefined ? {} : { approval: incident.approval }),
  } as const;
  const acting = move(turn, incident, to, plan.summary, inputsOf(state, incident, judged));
  sendStep(turn, acting, plan, 0, effect, false);
  return acting;
}

/** The record of the step, then the step. */
export function sendStep(turn: Turn, incident: Incident, plan: Plan, index: number, effect: string, undo: boolean): void {
  const { state } = turn;
  const step = undo && plan.inverse.type !== "none" ? plan.inverse.steps[index] : plan.steps[index];
  if (step === undefined) throw new Error(`${incident.id}: step ${index} of a plan with fewer`);
  const attempt = incident.attempts.at(-1)?.id ?? incident.id;
  const target = stepRef(step);
  emitRecord(turn, { type: "act", incident: incident.id, attempt, step, index, undo, target, owner: plan.owner });
  state.acts = [...state.acts, { at: state.now, incident: incident.id, attempt, owner: plan.owner, target, undo }];
  turn.effects.push({ type: "apply", id: effect, step });
}

function propose(turn: Turn, incident: IncidentIn<"diagnosed">, plan: Plan, judged: Judged, preflight: Preflight): Incident {
  const { now, policy } = turn.state;
  const expiresAt = now + policy.spec.windows.approval;
  const { approval, ...request } = backing(incident, plan.hash, expiresAt, now);
  const to = {
    ...baseOf(incident),
    ...request,
    phase: "awaiting",
    candidate: incident.candidate,
    preflight,
    proposal: { plan, decision: judged.decision, askedAt: now, expiresAt, ...(approval === undefined ? {} : { approval }) },
    rereads: incident.rereads,
  } as const;
  return move(turn, incident, to, `proposed: ${plan.summary}`, inputsOf(turn.state, incident, judged));
}

interface Holding {
  readonly plan?: Plan;
  readonly preflight?: Preflight;
  readonly approval?: Approval;
}

/** Holds with every gate's reason, until the earliest moment at which one of them can change. */
export function hold(turn: Turn, incident: Incident & { readonly candidate: number; readonly rereads: number }, judged: Judged, kept: Holding): Incident {
  const { decision } = judged;
  const why = reasonText(decision);
  const to = {
    ...baseOf(incident),
    phase: "held",
    candidate: incident.candidate,
    decision,
    wakeAt: Math.max(turn.state.now + 1_000, decision.retryAt ?? turn.state.now + RECHECK_MS),
    why,
    rereads: incident.rereads,
    ...kept,
  } as const;
  return move(turn, incident, to, why, inputsOf(turn.state, incident, judged));
}
