/** undoing: the inverse is carried out step by step; then the next candidate, a person, or the end. */
import type { Plan } from "../../model/action.ts";
import type { Incident, IncidentIn } from "../../model/incident.ts";
import type { Outcome } from "../../model/input.ts";
import { refKey } from "../../model/ref.ts";
import { type Failure, type Step, stepRef } from "../../model/step.ts";
import { endAttempt } from "../attempts.ts";
import { landed } from "../landed.ts";
import { baseOf, move } from "../move.ts";
import { emitRecord, nextEffectId, type Turn } from "../state.ts";
import { sendStep } from "./diagnosed.ts";
import { escalate } from "./open.ts";

/** The first pause before the inverse step is sent again, ms; each further one is twice as long, up to about five minutes. */
const RETRY_MS = 10_000;
const MAX_DOUBLINGS = 5;

/** Starts taking back what the plan did. `by` is the person who asked, if one did. */
export function beginUndo(turn: Turn, incident: Incident, plan: Plan, why: string, by?: string): Incident {
  const { state } = turn;
  const candidate = "candidate" in incident ? incident.candidate : 0;
  const person = by === undefined ? {} : { by };
  if (plan.inverse.type === "none" || plan.inverse.steps.length === 0) {
    const to = { ...baseOf(incident), phase: "undoing", plan, candidate, step: 0, effect: "", why, looking: false, ...person } as const;
    return undone(turn, move(turn, incident, to, why) as IncidentIn<"undoing">, plan.inverse.type === "none" ? plan.inverse.why : "nothing to take back");
  }
  const effect = nextEffectId(turn, incident.id);
  const to = { ...baseOf(incident), phase: "undoing", plan, candidate, step: 0, effect, why, looking: false, ...person } as const;
  const undoing = move(turn, incident, to, why);
  state.waiting.set(effect, incident.id);
  sendStep(turn, undoing, plan, 0, effect, true);
  return undoing;
}

export function undoingOutcome(turn: Turn, incident: IncidentIn<"undoing">, outcome: Outcome): Incident {
  const step = inverseStep(incident);
  switch (outcome.type) {
    case "applied":
      return stepUndone(turn, incident);
    case "looked":
      switch (landed(step, outcome.object)) {
        case "landed":
          return stepUndone(turn, incident);
        case "untouched":
          return again(turn, incident);
        case "changed":
          return cannot(turn, incident, "somebody changed the object since; it is left as it is");
      }
      break;
    case "failed":
      return undoFailed(turn, incident, step, outcome.failure);
    case "fenced":
      return wait(turn, incident);
    case "preflight":
      return incident;
  }
}

/** Sends the present inverse step again: after a pause, or when it turned out not to have landed. */
export function advanceUndoing(turn: Turn, incident: IncidentIn<"undoing">): Incident {
  const { now, authority } = turn.state;
  if (incident.retryAt === undefined || incident.retryAt > now) return incident;
  return authority.type === "leading" ? resend(turn, incident) : { ...incident, retryAt: now + RETRY_MS };
}

export function lookAtUndo(turn: Turn, incident: IncidentIn<"undoing">): Incident {
  const effect = nextEffectId(turn, incident.id);
  turn.effects.push({ type: "look", id: effect, ref: stepRef(inverseStep(incident)) });
  const { retryAt: _, ...rest } = incident;
  return { ...rest, effect, looking: true };
}

function inverseStep(incident: IncidentIn<"undoing">): Step {
  const { inverse } = incident.plan;
  const step = inverse.type === "none" ? undefined : inverse.steps[incident.step];
  if (step === undefined) throw new Error(`${incident.id}: no inverse step ${incident.step}`);
  return step;
}

function resend(turn: Turn, incident: IncidentIn<"undoing">): Incident {
  const effect = nextEffectId(turn, incident.id);
  const { retryAt: _, ...rest } = incident;
  const next = { ...rest, effect, looking: false };
  sendStep(turn, next, incident.plan, incident.step, effect, true);
  return next;
}

function wait(turn: Turn, incident: IncidentIn<"undoing">): Incident {
  const tries = incident.tries ?? 0;
  return { ...incident, effect: "", tries: tries + 1, retryAt: turn.state.now + RETRY_MS * 2 ** Math.min(tries, MAX_DOUBLINGS) };
}

/** It has not landed and nobody has changed the object: sent again after a pause, as often as an act is read again. */
function again(turn: Turn, incident: IncidentIn<"undoing">): Incident {
  const rereads = (incident.rereads ?? 0) + 1;
  if (rereads > turn.state.policy.spec.limits.rereads)
    return cannot(turn, incident, `it does not land although nobody has changed the object; tried ${rereads} times`);
  return wait(turn, { ...incident, rereads });
}

function stepUndone(turn: Turn, incident: IncidentIn<"undoing">): Incident {
  const { inverse } = incident.plan;
  const next = incident.step + 1;
  if (inverse.type !== "none" && next < inverse.steps.length) return resend(turn, { ...incident, step: next, tries: 0, rereads: 0 });
  return undone(turn, incident, "the previous state is restored");
}

function undoFailed(turn: Turn, incident: IncidentIn<"undoing">, step: Step, failure: Failure): Incident {
  switch (failure.kind) {
    case "gone":
      // Deleting what is gone is done; restoring fields of what is gone cannot be.
      return step.verb === "delete" || step.verb === "evict"
        ? stepUndone(turn, incident)
        : undone(turn, incident, "the object is gone, nothing is left to restore");
    case "conflict":
    case "uncertain":
      // A look without an answer asks for no other at once.
      return incident.looking ? wait(turn, incident) : lookAtUndo(turn, incident);
    case "unavailable":
    case "throttled":
      return wait(turn, incident);
    case "denied":
    case "invalid":
      return cannot(turn, incident, `${failure.kind}: ${failure.message}`);
  }
}

function cannot(turn: Turn, incident: IncidentIn<"undoing">, reason: string): Incident {
  const ended = endAttempt(turn, incident, "undo-failed", reason);
  return escalate(turn, ended, `cannot be undone: ${reason}. Left: ${incident.plan.summary}`, "a person to restore it by hand");
}

function undone(turn: Turn, incident: IncidentIn<"undoing">, detail: string): Incident {
  const { state } = turn;
  const ended = endAttempt(turn, incident, "undone", `${incident.why}; ${detail}`);
  if (incident.by !== undefined) {
    veto(turn, incident, `${incident.by} undid it`);
    const to = {
      ...baseOf(ended),
      phase: "resolved",
      resolvedAt: state.now,
      how: "undone",
      plan: incident.plan,
      detail: `${incident.why}; ${detail}`,
    } as const;
    return move(turn, ended, to, `undone by ${incident.by}`);
  }
  const to = { ...baseOf(ended), phase: "diagnosed", candidate: incident.candidate, rereads: 0 } as const;
  return move(turn, ended, to, `it did not help (${incident.why}); ${detail}`);
}

/** Keeps the engine away from the owner for the veto time. */
export function veto(turn: Turn, incident: Incident, reason: string): void {
  const { state } = turn;
  const until = state.now + state.policy.spec.windows.veto;
  const owner = incident.subject;
  state.vetoes = [...state.vetoes.filter((old) => refKey(old.owner) !== refKey(owner)), { owner, until, reason }];
  emitRecord(turn, { type: "vetoed", owner, until, reason });
}
