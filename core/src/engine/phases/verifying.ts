/** verifying: the mode's own success test must hold for its window, and nothing that the act can explain may have gone wrong. */

import { modeOf } from "../../diagnose/catalog.ts";
import type { Health } from "../../model/failure-mode.ts";
import { type Finding, findingKey } from "../../model/finding.ts";
import type { Incident, IncidentIn } from "../../model/incident.ts";
import type { Outcome } from "../../model/input.ts";
import { refText } from "../../model/ref.ts";
import { sideEffect } from "../../verify/side-effect.ts";
import { deadlineOf, settleMs, verify } from "../../verify/verify.ts";
import { endAttempt } from "../attempts.ts";
import { caseOf } from "../case.ts";
import { baseOf, move } from "../move.ts";
import { nextEffectId, type State, type Turn } from "../state.ts";
import { isBlind, isTrusted, outOfSight } from "../trust.ts";
import { escalate } from "./open.ts";
import { beginUndo } from "./undoing.ts";

export function advanceVerifying(turn: Turn, incident: IncidentIn<"verifying">): Incident {
  return look(turn, incident, false);
}

/**
 * The owner was read past every cache, since a watch may have died without a word: what was seen of it lately may be old. The read object is in
 * the view by now.
 */
export function verifyingOutcome(turn: Turn, incident: IncidentIn<"verifying">, outcome: Outcome): Incident {
  const { asked: _, ...rest } = incident;
  if (outcome.type === "looked" && outcome.object !== undefined) return look(turn, rest, true);
  if (outcome.type === "looked") return untold(turn, rest, `${refText(incident.plan.owner)} is gone`);
  if (outcome.type !== "failed") return rest;
  const { failure } = outcome;
  // The watch alone shows what may not be read: then its word has to do.
  if (failure.kind === "denied") return helped(turn, rest, `${incident.last.reason}, as far as it may be read`);
  return { ...rest, retryAt: turn.state.now + (failure.retryAfterMs ?? READ_RETRY_MS) };
}

const READ_RETRY_MS = 5_000;

/** `isRead`: the owner in the view is as it was read just now. */
function look(turn: Turn, incident: IncidentIn<"verifying">, isRead: boolean): Incident {
  const { state } = turn;
  if (!isTrusted(state)) return outOfSight(incident);
  const mode = modeOf(incident.plan.mode);
  // A plan in the ledger may be of a release that knew other modes.
  const health: Health = mode?.healthy(caseOf(state, incident)) ?? { answer: "unknown", reason: `no mode is called ${incident.plan.mode}` };
  if (health.answer === "unknown" && isBlind(state.view)) return outOfSight(incident);
  const harmed = health.answer === "under-way" ? undefined : sideEffect(incident, state.detection.findings(), state.view);
  const sighted = { ...withHarm(withProgress(incident, health, state), harmed, state), sightedSince: incident.sightedSince ?? state.now };
  if (harmed !== undefined && sighted.harm !== undefined && sighted.harm.countsAt <= state.now)
    return failed(turn, incident, `after it ${refText(harmed.subject)} went wrong: ${harmed.summary}`);
  const verdict = verify(sighted, health, harmed === undefined ? incident.findings : [...incident.findings, harmed], state.now);
  switch (verdict.type) {
    case "helped":
      return isRead ? helped(turn, incident, verdict.reason) : readOwner(turn, { ...sighted, last: health });
    case "failed":
      return failed(turn, incident, verdict.reason);
    case "untold":
      return untold(turn, incident, verdict.reason);
    case "waiting": {
      // What was asked for the end of a window that is over by now is of no use any more.
      const { goodSince: _, asked: __, retryAt: ___, ...rest } = sighted;
      return { ...rest, last: health, ...(verdict.goodSince === undefined ? {} : { goodSince: verdict.goodSince }) };
    }
  }
}

function readOwner(turn: Turn, incident: IncidentIn<"verifying">): Incident {
  if (incident.asked !== undefined && turn.state.waiting.has(incident.asked)) return incident;
  if (incident.retryAt !== undefined && incident.retryAt > turn.state.now) return incident;
  const { retryAt: _, ...rest } = incident;
  const asked = nextEffectId(turn, incident.id);
  turn.effects.push({ type: "look", id: asked, ref: incident.plan.owner });
  return { ...rest, asked };
}

function withProgress(incident: IncidentIn<"verifying">, health: Health, { now, policy, view }: State): IncidentIn<"verifying"> {
  const { verifySettle, jobRun } = policy.spec.windows;
  const deadline = deadlineOf(incident, health, settleMs(incident.plan, view, verifySettle), jobRun, now);
  if (health.answer !== "unhealthy" || health.done === undefined) return { ...incident, deadline };
  return { ...incident, deadline, done: Math.max(health.done, incident.done ?? 0) };
}

/** Harm that passes is none: it must last for as long as a cure must hold. */
function withHarm(incident: IncidentIn<"verifying">, found: Finding | undefined, { now, policy }: State): IncidentIn<"verifying"> {
  const { harm, ...rest } = incident;
  if (found === undefined) return rest;
  const finding = findingKey(found);
  return { ...rest, harm: harm?.finding === finding ? harm : { finding, countsAt: now + policy.spec.windows.verifyHold } };
}

function helped(turn: Turn, incident: IncidentIn<"verifying">, reason: string): Incident {
  const ended = endAttempt(turn, incident, "helped", reason);
  const to = { ...baseOf(ended), phase: "resolved", resolvedAt: turn.state.now, how: "healed", plan: incident.plan, detail: reason } as const;
  return move(turn, ended, to, reason);
}

function failed(turn: Turn, incident: IncidentIn<"verifying">, reason: string): Incident {
  return beginUndo(turn, endAttempt(turn, incident, "did-not-help", reason), incident.plan, reason);
}

/** What may be good work is not taken back for want of an answer. */
function untold(turn: Turn, incident: IncidentIn<"verifying">, reason: string): Incident {
  const ended = endAttempt(turn, incident, "unknown", reason);
  return escalate(turn, ended, `it cannot be told whether it helped: ${reason}. Left: ${incident.plan.summary}`, "a person to see whether it helped");
}
