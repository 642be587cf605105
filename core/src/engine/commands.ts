/** What people ask for. Every command is answered, and what it changes is recorded with who asked. */

import { claimsOf, shared } from "../decide/chain.ts";
import type { Plan } from "../model/action.ts";
import type { Asker } from "../model/actor.ts";
import { canonicalJson } from "../model/canonical-json.ts";
import { type Incident, isEnded, isInFlight } from "../model/incident.ts";
import type { Command, CommandReply } from "../model/input.ts";
import type { Silence } from "../model/record.ts";
import { refText, sameRef } from "../model/ref.ts";
import { approve, requesterOf } from "./approve.ts";
import { endAttempt } from "./attempts.ts";
import { baseOf, move } from "./move.ts";
import { beginUndo, veto } from "./phases/undoing.ts";
import { agree, refuse } from "./replies.ts";
import { emitRecord, incidentOf, liveIncidents, type State, type Turn } from "./state.ts";
import { obeyTicket } from "./tickets.ts";

const JUST_MS = 60_000;

/** Every decision looks at all of them. */
const MAX_SILENCES = 500;

export function obey(turn: Turn, command: Command, by: Asker): CommandReply {
  const forbidden = by.type === "assistant" ? beyondAssistants(turn.state, command) : undefined;
  if (forbidden !== undefined) return refuse("forbidden", forbidden);
  switch (command.type) {
    case "pause":
      return pause(turn, command.why);
    case "resume":
      return unpause(turn, command.why);
    case "silence":
      return silence(turn, command);
    case "unsilence":
      return unsilence(turn, command.id);
    case "ticket-open":
    case "ticket-change":
    case "ticket-close":
      return obeyTicket(turn, command);
    case "approve":
    case "deny":
    case "undo":
    case "propose":
    case "request":
    case "close": {
      const incident = turn.state.incidents.get(command.incident);
      if (incident === undefined) return refuse("not-found", `there is no incident ${command.incident}; list them with: kintsugi incidents`);
      return onIncident(turn, incident, command, by);
    }
  }
}

/** What would let more happen than before is a person's to say; an assistant may ask, hold and take back. The reason why not, else undefined. */
function beyondAssistants(state: State, command: Command): string | undefined {
  switch (command.type) {
    case "approve":
      if (command.elicited === true && state.policy.spec.approveByElicitation) return undefined;
      return `an assistant cannot approve${command.elicited === true ? ", by elicitation neither: policy does not allow it" : ""}: a person decides with kintsugi approve ${command.incident}`;
    case "resume":
      return "an assistant cannot resume: a person does it with kintsugi resume";
    case "unsilence":
      return `an assistant cannot lift a silence: a person does it with kintsugi unsilence ${command.id}`;
    case "propose": {
      const subject = state.incidents.get(command.incident)?.subject;
      const veto = subject === undefined ? undefined : state.vetoes.find(({ owner, until }) => sameRef(owner, subject) && until > state.now);
      return veto === undefined
        ? undefined
        : `${veto.reason}; until ${new Date(veto.until).toISOString()} only a person can propose it again: kintsugi propose ${command.incident}`;
    }
    case "close":
      return state.incidents.get(command.incident)?.phase === "verifying"
        ? `${command.incident} is being verified, and would not be undone if it fails: an assistant can undo it or wait; a person can close it`
        : undefined;
    default:
      return undefined;
  }
}

function onIncident(turn: Turn, incident: Incident, command: Extract<Command, { incident: string }>, by: Asker): CommandReply {
  switch (command.type) {
    case "approve":
      return approve(turn, incident, command, by);
    case "deny":
      return deny(turn, incident, command.why);
    case "undo":
      return undo(turn, incident, command.why);
    case "propose":
      return propose(turn, incident, by);
    case "request":
      return request(turn, incident, command.why, by);
    case "close":
      return close(turn, incident, command.why);
  }
}

function deny(turn: Turn, incident: Incident, why: string): CommandReply {
  const { state } = turn;
  if (incident.phase !== "awaiting" && incident.phase !== "held" && incident.phase !== "diagnosed") {
    return refuse("conflict", `${incident.id} is ${incident.phase}; only what is proposed or held can be denied`);
  }
  const hours = Math.round(state.policy.spec.windows.veto / 3_600_000);
  if (incident.phase === "held" && isJustDenied(state, incident)) return agree(`${incident.id} is held already; nothing is done to it for ${hours} h`);
  const reason = `denied by ${turn.actor.name}: ${why}`;
  veto(turn, incident, reason);
  const wakeAt = state.now + state.policy.spec.windows.veto;
  const { requestedBy: _, ...base } = baseOf(incident);
  move(turn, incident, { ...base, phase: "held", candidate: 0, wakeAt, why: reason, rereads: incident.rereads }, reason);
  return agree(`${incident.id} is held; nothing is done to it for ${hours} h`);
}

/** Said again within a minute it says nothing new, and is not written down again. */
function isJustDenied({ vetoes, policy, now }: State, { subject }: Incident): boolean {
  return vetoes.some(({ owner, until }) => sameRef(owner, subject) && until > now + policy.spec.windows.veto - JUST_MS);
}

function undo(turn: Turn, incident: Incident, why: string): CommandReply {
  if (turn.state.authority.type === "read-only") return refuse("forbidden", "acting is off: this engine was started without --act, so nothing can be undone");
  const plan = undoablePlan(incident);
  if (plan === undefined)
    return refuse("conflict", `${incident.id} is ${incident.phase}; only an act under way, one that is being verified or one that healed can be undone`);
  if (plan.inverse.type === "none") return refuse("invalid", `${plan.summary} cannot be taken back: ${plan.inverse.why}`);
  if (incident.phase === "acting") {
    move(turn, incident, { ...incident, stop: { by: turn.actor.name, why } }, `${turn.actor.name} wants it undone: ${why}`);
    return agree(`${incident.id} is undone as soon as it is known what was carried out`);
  }
  const other = inTheWay(turn.state, incident, plan);
  if (other !== undefined) return refuse("conflict", `${other}; wait until it has ended, or close it, and ask again`);
  beginUndo(turn, incident, plan, `${turn.actor.name} asked: ${why}`, turn.actor.name);
  return agree(`${incident.id} is being undone`);
}

/** Of what a person closed while it was being verified the plan is still there. */
function undoablePlan(incident: Incident): Plan | undefined {
  if (incident.phase === "acting" || incident.phase === "verifying") return incident.plan;
  return incident.phase === "resolved" && (incident.how === "healed" || incident.how === "closed") ? incident.plan : undefined;
}

/** Why what was done long ago cannot be taken back just now: something else is going on with what it was done to. */
function inTheWay(state: State, incident: Incident, plan: Plan): string | undefined {
  const live = incidentOf(state, incident.subject);
  if (live !== undefined && live.id !== incident.id) return `${live.id} is about ${refText(live.subject)} too and is ${live.phase}`;
  const claims = claimsOf(plan, state.view);
  for (const other of liveIncidents(state)) {
    const hit = other.id !== incident.id && isInFlight(other) ? shared(claims, claimsOf(other.plan, state.view)) : undefined;
    if (hit !== undefined) return `${other.id} is at work on ${refText(hit)}`;
  }
  return undefined;
}

function propose(turn: Turn, incident: Incident, by: Asker): CommandReply {
  const isUndone = incident.phase === "resolved" && incident.how === "undone";
  if (incident.phase !== "held" && incident.phase !== "escalated" && !isUndone)
    return refuse("conflict", `${incident.id} is ${incident.phase}; only what is held, escalated or undone can be proposed again`);
  turn.state.vetoes = turn.state.vetoes.filter((old) => !sameRef(old.owner, incident.subject));
  emitRecord(turn, { type: "vetoed", owner: incident.subject, until: turn.state.now, reason: `${turn.actor.name} proposes again` });
  // Without the veto the trouble, should it be there, opens an incident like any other.
  turn.state.stale ||= isUndone;
  if (isUndone) return agree(`it is left alone no longer: if ${refText(incident.subject)} is unwell, a new incident opens`);
  const to = { ...baseOf(incident), phase: "diagnosed", candidate: 0, rereads: 0, requestedBy: requesterOf(turn.state, by) } as const;
  move(turn, incident, to, `proposed again by ${turn.actor.name}`);
  return agree(`${incident.id} is looked at again`);
}

/** An approval that waits for its moment stays given: the request is no reason to ask a person twice. */
function request(turn: Turn, incident: Incident, why: string, by: Asker): CommandReply {
  if (isEnded(incident)) return refuse("conflict", `${incident.id} has already ended`);
  const reason = `requested by ${turn.actor.name}: ${why}`;
  if (incident.phase === "held" || incident.phase === "escalated") {
    const { candidate, rereads, approval } = incident.phase === "held" ? incident : { candidate: 0, rereads: 0, approval: undefined };
    const requestedBy = requesterOf(turn.state, by);
    move(turn, incident, { ...baseOf(incident), phase: "diagnosed", candidate, rereads, requestedBy, ...(approval === undefined ? {} : { approval }) }, reason);
    return agree(`${incident.id} is looked at again`);
  }
  emitRecord(turn, { type: "incident", incident, from: incident.phase, reason });
  return agree(`${incident.id} is ${incident.phase}, and goes on as it is`);
}

function close(turn: Turn, incident: Incident, why: string): CommandReply {
  if (isEnded(incident)) return refuse("conflict", `${incident.id} has already ended`);
  if (incident.phase === "acting" || incident.phase === "undoing") {
    return refuse("conflict", `${incident.id} is ${incident.phase}; wait until the step in flight has an answer, or pause`);
  }
  const detail = `closed by ${turn.actor.name}: ${why}`;
  const to = { phase: "resolved", resolvedAt: turn.state.now, how: "closed", detail } as const;
  if (incident.phase === "verifying") {
    const { plan } = incident;
    move(turn, incident, { ...baseOf(endAttempt(turn, incident, "unknown", detail)), ...to, plan }, detail);
    return agree(`${incident.id} is closed, and what was done is left: ${plan.summary}. To take it back: kintsugi undo ${incident.id} --why TEXT`);
  }
  move(turn, incident, { ...baseOf(incident), ...to }, detail);
  return agree(`${incident.id} is closed`);
}

function pause(turn: Turn, why: string): CommandReply {
  if (turn.state.paused !== undefined) return agree(`already paused: ${turn.state.paused}`);
  turn.state.paused = `${turn.actor.name}: ${why}`;
  emitRecord(turn, { type: "paused", reason: turn.state.paused });
  return agree("paused: nothing new is begun until it is resumed");
}

function unpause(turn: Turn, why: string): CommandReply {
  if (turn.state.paused === undefined) return agree("it was not paused");
  turn.state.paused = undefined;
  emitRecord(turn, { type: "resumed", reason: `${turn.actor.name}: ${why}` });
  return agree("resumed");
}

function silence(turn: Turn, command: Extract<Command, { type: "silence" }>): CommandReply {
  const { state } = turn;
  const { type: _, durationMs, ...rest } = command;
  if (!(durationMs > 0)) return refuse("invalid", "a silence needs a duration above zero, for example 2h");
  const added: Silence = { ...rest, by: turn.actor.name, from: state.now, until: state.now + durationMs };
  const same = state.silences.find((old) => old.id === added.id);
  if (same !== undefined) {
    const equal = canonicalJson({ ...same, from: 0, until: 0 }) === canonicalJson({ ...added, from: 0, until: 0 });
    return equal ? agree(`silence ${added.id} is in force`) : refuse("conflict", `there is another silence called ${added.id}`);
  }
  if (state.silences.length >= MAX_SILENCES) return refuse("conflict", `${MAX_SILENCES} silences are in force: lift some before you add more`);
  state.silences = [...state.silences, added];
  emitRecord(turn, { type: "silenced", silence: added });
  return agree(`silence ${added.id} is in force until ${new Date(added.until).toISOString()}`);
}

function unsilence(turn: Turn, id: string): CommandReply {
  const { state } = turn;
  if (!state.silences.some((old) => old.id === id)) return refuse("not-found", `there is no silence ${id}`);
  state.silences = state.silences.filter((old) => old.id !== id);
  emitRecord(turn, { type: "unsilenced", id });
  return agree(`silence ${id} is lifted`);
}
