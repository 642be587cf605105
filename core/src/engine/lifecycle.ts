/** Advances one incident as far as the present state allows, and says when time alone can move it. */

import type { Incident, IncidentIn } from "../model/incident.ts";
import type { Outcome } from "../model/input.ts";
import { judgedAt } from "../verify/verify.ts";
import { baseOf, keep, move } from "./move.ts";
import { actingOutcome, advanceActing, lookAgain } from "./phases/acting.ts";
import { advanceAwaiting } from "./phases/awaiting.ts";
import { advanceDiagnosed } from "./phases/diagnosed.ts";
import { advanceEscalated } from "./phases/escalated.ts";
import { factsCame } from "./phases/facts.ts";
import { advanceHeld } from "./phases/held.ts";
import { advanceOpen } from "./phases/open.ts";
import { advanceUndoing, lookAtUndo, undoingOutcome } from "./phases/undoing.ts";
import { advanceVerifying, verifyingOutcome } from "./phases/verifying.ts";
import { type State, setReads, type Turn } from "./state.ts";
import { isTrusted, outOfSight } from "./trust.ts";

/** More transitions than this in one turn is a loop in the program. */
const MAX_MOVES = 12;

export function advance(turn: Turn, id: string): void {
  const { state } = turn;
  const buckets = new Set<string>();
  for (let moves = 0; ; moves += 1) {
    const before = state.incidents.get(id);
    if (before === undefined || before.phase === "resolved") return;
    if (moves > MAX_MOVES) throw new Error(`${id}: more than ${MAX_MOVES} moves in one turn, last in ${before.phase}`);
    const { result: after, buckets: read } = state.view.track(() => unaided(turn, before) ?? advancePhase(turn, before));
    for (const bucket of read) buckets.add(bucket);
    if (after !== before) keep(turn, after);
    if (after.phase === before.phase) break;
  }
  if (state.incidents.get(id)?.phase !== "resolved") setReads(state, id, buckets);
}

/** Delivers the outcome of an effect to its incident. Outcomes that nobody waits for any more are dropped. */
export function deliver(turn: Turn, effect: string, outcome: Outcome): void {
  const { state } = turn;
  const id = state.waiting.get(effect);
  state.waiting.delete(effect);
  const incident = id === undefined ? undefined : state.incidents.get(id);
  if (id === undefined || incident === undefined) return;
  const next = outcomeOf(turn, incident, effect, outcome);
  if (next !== incident) keep(turn, next);
  advance(turn, id);
}

function outcomeOf(turn: Turn, incident: Incident, effect: string, outcome: Outcome): Incident {
  switch (incident.phase) {
    case "acting":
      return incident.effect === effect ? actingOutcome(turn, incident, outcome) : incident;
    case "undoing":
      return incident.effect === effect ? undoingOutcome(turn, incident, outcome) : incident;
    case "verifying":
      return incident.asked === effect ? verifyingOutcome(turn, incident, outcome) : incident;
    case "diagnosed":
    case "held":
      return incident.asked?.effect === effect ? factsCame(turn, incident, outcome) : incident;
    default:
      return incident;
  }
}

const UNAIDED: ReadonlySet<Incident["phase"]> = new Set(["open", "diagnosed", "held", "awaiting", "escalated"]);

/** Healthy through the stable window without us. */
function unaided(turn: Turn, incident: Incident): Incident | undefined {
  const { state } = turn;
  if (!UNAIDED.has(incident.phase) || incident.healthySince === undefined) return undefined;
  const { stable } = state.policy.spec.windows;
  if (state.now - incident.healthySince < stable || !isTrusted(state)) return undefined;
  const detail = `healthy for ${Math.round((state.now - incident.healthySince) / 1000)} s without our doing`;
  const to = { ...baseOf(incident), phase: "resolved", resolvedAt: state.now, how: "unaided", detail } as const;
  return move(turn, incident, to, detail);
}

/** Phases that go on by what is seen of the cluster: while it cannot be seen they stay as they are, over a restart too. */
const BY_SIGHT: ReadonlySet<Incident["phase"]> = new Set(["open", "diagnosed", "held", "awaiting", "escalated"]);

function advancePhase(turn: Turn, incident: Incident): Incident {
  if (BY_SIGHT.has(incident.phase) && !isTrusted(turn.state)) return incident;
  switch (incident.phase) {
    case "open":
      return advanceOpen(turn, incident);
    case "diagnosed":
      return advanceDiagnosed(turn, incident);
    case "held":
      return advanceHeld(turn, incident);
    case "awaiting":
      return advanceAwaiting(turn, incident);
    case "verifying":
      return advanceVerifying(turn, incident);
    case "escalated":
      return advanceEscalated(turn, incident);
    case "undoing":
      return advanceUndoing(turn, incident);
    case "acting":
      return advanceActing(turn, incident);
    case "resolved":
      return incident;
  }
}

/** When time alone can move the incident; Infinity when only the world can, and that has to be seen first. */
export function dueAt({ policy, trusted }: State, incident: Incident): number {
  if (!trusted && BY_SIGHT.has(incident.phase)) return Number.POSITIVE_INFINITY;
  const { stable: stableMs, diagnose: diagnoseMs } = policy.spec.windows;
  const unaidedAt = incident.healthySince === undefined || !UNAIDED.has(incident.phase) ? Number.POSITIVE_INFINITY : incident.healthySince + stableMs;
  return Math.min(unaidedAt, phaseDue(incident, diagnoseMs));
}

function phaseDue(incident: Incident, diagnoseMs: number): number {
  // What looks healthy is moved by the stable window, or by a finding that comes back.
  const sick = incident.findings.length > 0;
  switch (incident.phase) {
    case "open":
      return sick ? incident.deadline : Number.POSITIVE_INFINITY;
    case "held":
      return sick && incident.wakeAt !== undefined ? incident.wakeAt : Number.POSITIVE_INFINITY;
    case "escalated":
      return sick ? (incident.lookAt ?? incident.escalatedAt + diagnoseMs) : Number.POSITIVE_INFINITY;
    case "awaiting":
      return incident.proposal.expiresAt;
    case "verifying":
      return verifyingDue(incident);
    case "acting":
    case "undoing":
      return incident.retryAt ?? Number.POSITIVE_INFINITY;
    case "diagnosed":
    case "resolved":
      return Number.POSITIVE_INFINITY;
  }
}

function verifyingDue(incident: IncidentIn<"verifying">): number {
  const { goodSince, holdMs, asked, retryAt, harm } = incident;
  const harmAt = harm?.countsAt ?? Number.POSITIVE_INFINITY;
  if (asked !== undefined) return harmAt;
  return Math.min(retryAt ?? (goodSince === undefined ? judgedAt(incident) : goodSince + holdMs), harmAt);
}

/** After a restart: what was in flight is looked at before anything else is done to that target. */
export function resume(turn: Turn, incident: Incident): void {
  if (incident.phase === "acting") keep(turn, lookAgain(turn, incident));
  else if (incident.phase === "verifying") keep(turn, outOfSight(incident));
  else if (incident.phase === "undoing" && incident.plan.inverse.type !== "none") keep(turn, lookAtUndo(turn, incident));
}
