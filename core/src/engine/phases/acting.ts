/** acting: one step is out. Its outcome decides; nothing else does. */

import { modeOf } from "../../diagnose/catalog.ts";
import type { Plan } from "../../model/action.ts";
import type { Approval, Attempt, Incident, IncidentIn } from "../../model/incident.ts";
import type { Outcome } from "../../model/input.ts";
import type { ClusterObject } from "../../model/kube.ts";
import { CREATED_UID, type Failure, type Step, stepRef } from "../../model/step.ts";
import { settleMs } from "../../verify/verify.ts";
import { endAttempt, lastAttempt } from "../attempts.ts";
import { caseOf } from "../case.ts";
import { landed } from "../landed.ts";
import { baseOf, move } from "../move.ts";
import { nextEffectId, type Turn } from "../state.ts";
import { sendStep } from "./diagnosed.ts";
import { escalate } from "./open.ts";
import { beginUndo } from "./undoing.ts";

/** How long a container or pod is given to show trouble before a cure counts, at most, ms. */
const MAX_HOLD_MS = 30 * 60_000;
const LOOK_AGAIN_MS = 5_000;

export function actingOutcome(turn: Turn, incident: IncidentIn<"acting">, outcome: Outcome): Incident {
  switch (outcome.type) {
    case "applied":
      return stepDone(turn, incident, outcome.object);
    case "failed":
      return incident.looking ? lookFailed(turn, incident, outcome.failure) : stepFailed(turn, incident, outcome.failure);
    case "looked":
      return lookedAt(turn, incident, outcome.object);
    case "fenced":
      if (incident.stop !== undefined) return stop(turn, incident, incident.stop, outcome.reason);
      return later(turn, incident, `not sent: ${outcome.reason}`, turn.state.now + 5_000);
    case "preflight":
      return incident;
  }
}

/** Looks again once a look that failed is to be repeated. */
export function advanceActing(turn: Turn, incident: IncidentIn<"acting">): Incident {
  return incident.retryAt !== undefined && incident.retryAt <= turn.state.now ? lookAgain(turn, incident) : incident;
}

/** A look is asked for when it is not known whether the step landed: after no answer, and after a restart in the middle of an act. */
export function lookAgain(turn: Turn, incident: IncidentIn<"acting">): Incident {
  const step = incident.plan.steps[incident.step];
  if (step === undefined) throw new Error(`${incident.id}: no step ${incident.step}`);
  const effect = nextEffectId(turn, incident.id);
  turn.effects.push({ type: "look", id: effect, ref: stepRef(step) });
  const { retryAt: _, ...rest } = incident;
  return { ...rest, effect, looking: true };
}

/** That a look failed says nothing about the step: until the object can be read the step may have landed, and counts. */
function lookFailed(turn: Turn, incident: IncidentIn<"acting">, failure: Failure): Incident {
  switch (failure.kind) {
    case "gone":
      return lookedAt(turn, incident, undefined);
    case "denied":
    case "invalid": {
      const why = `it cannot be seen whether the step landed, ${failure.kind}: ${failure.message}`;
      return escalate(turn, endAttempt(turn, incident, "unknown", why), why, "a person who may look");
    }
    default:
      return { ...incident, effect: "", retryAt: turn.state.now + (failure.retryAfterMs ?? LOOK_AGAIN_MS) };
  }
}

function lookedAt(turn: Turn, incident: IncidentIn<"acting">, object: ClusterObject | undefined): Incident {
  const step = incident.plan.steps[incident.step];
  if (step === undefined) return incident;
  const isGone = step.verb === "patch" && object === undefined;
  if (isGone && incident.stop !== undefined) return stop(turn, incident, incident.stop);
  if (isGone) return targetGone(turn, incident, "unknown", "whether the step landed before is not known");
  switch (landed(step, object)) {
    case "landed":
      return stepDone(turn, incident, object);
    case "untouched":
      if (incident.stop !== undefined) return stop(turn, incident, incident.stop, "the step had not landed");
      return again(turn, incident, "failed", "the step had not landed");
    case "changed":
      if (incident.stop !== undefined) return stop(turn, incident, incident.stop);
      return again(turn, incident, "unknown", "somebody else changed the object meanwhile, so whether the step landed is not known");
  }
}

function stepDone(turn: Turn, incident: IncidentIn<"acting">, object: ClusterObject | undefined): Incident {
  const plan = object === undefined ? incident.plan : bindCreated(incident.plan, incident.step, object);
  if (incident.stop !== undefined) return stop(turn, { ...incident, plan }, incident.stop);
  const next = incident.step + 1;
  if (next < plan.steps.length) {
    const effect = nextEffectId(turn, incident.id);
    const acting = move(turn, incident, { ...incident, plan, step: next, effect, looking: false }, `step ${next} of ${plan.steps.length} done`);
    sendStep(turn, acting, plan, next, effect, false);
    return acting;
  }
  return startVerifying(turn, incident, plan);
}

/** A person wants it undone: what was carried out is taken back, and where nothing was the person's no counts all the same. */
function stop(turn: Turn, incident: IncidentIn<"acting">, asked: { readonly by: string; readonly why: string }, failure?: string): Incident {
  const why = `${asked.by} asked: ${asked.why}`;
  if (failure === undefined || incident.step > 0) return beginUndo(turn, incident, incident.plan, why, asked.by);
  const plan: Plan = { ...incident.plan, inverse: { type: "none", why: `nothing was carried out: ${failure}` } };
  return beginUndo(turn, endAttempt(turn, incident, "failed", failure), plan, why, asked.by);
}

function startVerifying(turn: Turn, incident: IncidentIn<"acting">, plan: Plan): Incident {
  const { state } = turn;
  const { windows } = state.policy.spec;
  const recurrence = modeOf(plan.mode)?.recurrenceMs(caseOf(state, incident)) ?? 0;
  const holdMs = Math.min(Math.max(windows.verifyHold, recurrence), MAX_HOLD_MS);
  const attempts = incident.attempts.with(-1, { ...lastAttempt(incident), plan });
  const to = {
    ...baseOf({ ...incident, attempts }),
    phase: "verifying",
    plan,
    candidate: incident.candidate,
    ...(incident.before === undefined ? {} : { before: incident.before }),
    actedAt: state.now,
    holdMs,
    deadline: state.now + settleMs(plan, state.view, windows.verifySettle) + holdMs,
    last: { answer: "unknown", reason: "just acted" },
  } as const;
  for (const step of plan.steps) {
    const ref = step.verb === "create" ? undefined : step.target;
    if (ref !== undefined && step.verb === "patch") {
      turn.effects.push({ type: "announce", target: ref, event: { type: "Normal", reason: "KintsugiActed", message: `${plan.summary} (${incident.id})` } });
    }
  }
  return move(turn, incident, to, `done; must stay healthy for ${Math.round(holdMs / 1000)} s`);
}

/** A created object's uid is known only now: the inverse that deletes it is bound to it. */
function bindCreated(plan: Plan, index: number, object: ClusterObject): Plan {
  const step = plan.steps[index];
  if (step?.verb !== "create" || plan.inverse.type === "none") return plan;
  const steps = plan.inverse.steps.map((inverse): Step => {
    if (inverse.verb === "create" || inverse.target.uid !== CREATED_UID || inverse.target.name !== step.ref.name) return inverse;
    return { ...inverse, target: { ...inverse.target, uid: object.metadata.uid } };
  });
  return { ...plan, inverse: { ...plan.inverse, steps } };
}

function stepFailed(turn: Turn, incident: IncidentIn<"acting">, failure: Failure): Incident {
  if (incident.stop !== undefined && failure.kind !== "uncertain") return stop(turn, incident, incident.stop, `${failure.kind}: ${failure.message}`);
  switch (failure.kind) {
    case "conflict":
      return again(turn, incident, "failed", `conflict: ${failure.message}`);
    case "unavailable":
    case "throttled":
      return later(turn, incident, `${failure.kind}: ${failure.message}`, turn.state.now + (failure.retryAfterMs ?? 10_000));
    case "uncertain":
      return lookAgain(turn, incident);
    case "gone":
      return targetGone(turn, incident, "failed", failure.message);
    case "denied":
    case "invalid": {
      const why = `${failure.kind}: ${failure.message}`;
      if (incident.step > 0) return beginUndo(turn, incident, incident.plan, `a later step failed, ${why}`);
      return escalate(turn, endAttempt(turn, incident, "failed", why), why, "a person who may do it");
    }
  }
}

function targetGone(turn: Turn, incident: IncidentIn<"acting">, outcome: Attempt["outcome"], detail: string): Incident {
  const stopped = endAttempt(turn, incident, outcome, `the object is gone: ${detail}`);
  const to = { ...baseOf(stopped), phase: "open", deadline: turn.state.now + turn.state.policy.spec.windows.diagnose } as const;
  return move(turn, stopped, to, "the target is gone");
}

/** Once more from fresh state, at most `limits.rereads` times. */
function again(turn: Turn, incident: IncidentIn<"acting">, outcome: Attempt["outcome"], reason: string): Incident {
  if (incident.step > 0) return beginUndo(turn, incident, incident.plan, `a later step could not be carried out: ${reason}`);
  const rereads = incident.rereads + 1;
  const stopped = endAttempt(turn, incident, outcome, reason);
  if (rereads > turn.state.policy.spec.limits.rereads)
    return escalate(turn, stopped, `${reason}; read again ${rereads - 1} times`, "a person to see who else writes this object");
  return move(turn, stopped, { ...baseOf(stopped), phase: "diagnosed", candidate: incident.candidate, rereads, ...approvalOf(incident) }, reason);
}

/** What a person has approved stays approved while the plan is the same; the gate looks at its hash and its end. */
function approvalOf({ approval }: IncidentIn<"acting">): { readonly approval?: Approval } {
  return approval === undefined ? {} : { approval };
}

function later(turn: Turn, incident: IncidentIn<"acting">, reason: string, wakeAt: number): Incident {
  if (incident.step > 0) return beginUndo(turn, incident, incident.plan, `a later step could not be carried out: ${reason}`);
  const stopped = endAttempt(turn, incident, "failed", reason);
  const kept = { candidate: incident.candidate, rereads: incident.rereads, ...approvalOf(incident) };
  const to = { ...baseOf(stopped), phase: "held", wakeAt, why: reason, ...kept } as const;
  return move(turn, stopped, to, reason);
}
