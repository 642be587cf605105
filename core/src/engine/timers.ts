/** The wall clock stepped: moments of our own that mean "so long from then" move with it, and what must hold for a while starts over. */
import type { Incident, Proposal } from "../model/incident.ts";
import { keep } from "./move.ts";
import { liveIncidents, type Turn } from "./state.ts";
import { outOfSight } from "./trust.ts";

export function shiftTimers(turn: Turn, byMs: number): void {
  const { state } = turn;
  for (const incident of liveIncidents(state)) keep(turn, shiftPhase(shiftRequest(startOver(incident, state.now), byMs), byMs));
  state.acts = state.acts.map((act) => ({ ...act, at: act.at + byMs }));
  state.vetoes = state.vetoes.map((veto) => ({ ...veto, until: veto.until + byMs }));
  if (state.versions.changedAt !== 0) state.versions.changedAt += byMs;
  if (state.storm !== undefined) state.storm = { ...state.storm, since: state.storm.since + byMs, lastTrouble: state.now };
  for (const [key, { spec }] of state.healthySpecs) state.healthySpecs.set(key, { spec, since: state.now });
}

function startOver(incident: Incident, now: number): Incident {
  return incident.healthySince === undefined ? incident : { ...incident, healthySince: now };
}

function shiftRequest(incident: Incident, byMs: number): Incident {
  const { requestedBy } = incident;
  return requestedBy === undefined ? incident : { ...incident, requestedBy: { ...requestedBy, expiresAt: requestedBy.expiresAt + byMs } };
}

/** What was approved before a step back would seem to come from the future: it is dated anew as well. */
function shiftProposal(proposal: Proposal, byMs: number): Proposal {
  const { approval, expiresAt } = proposal;
  const kept = approval === undefined ? {} : { approval: { ...approval, at: approval.at + byMs, expiresAt: approval.expiresAt + byMs } };
  return { ...proposal, expiresAt: expiresAt + byMs, ...kept };
}

function shiftPhase(incident: Incident, byMs: number): Incident {
  switch (incident.phase) {
    case "open":
      return { ...incident, deadline: incident.deadline + byMs };
    case "held":
      return incident.wakeAt === undefined ? incident : { ...incident, wakeAt: incident.wakeAt + byMs };
    case "awaiting":
      return { ...incident, proposal: shiftProposal(incident.proposal, byMs) };
    case "verifying":
      return { ...outOfSight(incident), actedAt: incident.actedAt + byMs, deadline: incident.deadline + byMs };
    case "acting":
    case "undoing":
      return incident.retryAt === undefined ? incident : { ...incident, retryAt: incident.retryAt + byMs };
    case "escalated":
      return { ...incident, escalatedAt: incident.escalatedAt + byMs, ...(incident.lookAt === undefined ? {} : { lookAt: incident.lookAt + byMs }) };
    case "diagnosed":
    case "resolved":
      return incident;
  }
}
