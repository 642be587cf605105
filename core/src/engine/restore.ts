/** Rebuilds the state from the ledger. What the cluster looks like is not in it: that comes with the first observation. */
import type { Incident } from "../model/incident.ts";
import type { Record } from "../model/record.ts";
import { refKey } from "../model/ref.ts";
import { addKnown } from "./known-good.ts";
import { noteClosed, type State } from "./state.ts";
import { takeTicket } from "./tickets.ts";
import { restoreVersion } from "./versions.ts";

export function restore(state: State, records: readonly Record[]): void {
  for (const record of records) take(state, record);
  // How long a storm has been calm is not recorded: the calm is counted anew, so that a restart never ends a freeze.
  if (state.storm !== undefined) state.storm = { ...state.storm, lastTrouble: Math.max(state.storm.lastTrouble, state.now) };
}

function take(state: State, record: Record): void {
  const { body, at } = record;
  switch (body.type) {
    case "incident":
      takeIncident(state, body.incident);
      if (body.from === "acting") forgetFailed(state, body.incident);
      return;
    case "act":
      state.acts = [...state.acts, { at, incident: body.incident, attempt: body.attempt, owner: body.owner, target: body.target, undo: body.undo }];
      return;
    case "paused":
      state.paused = body.reason;
      return;
    case "resumed":
      state.paused = undefined;
      return;
    case "silenced":
      state.silences = [...state.silences.filter((old) => old.id !== body.silence.id), body.silence];
      return;
    case "unsilenced":
      state.silences = state.silences.filter((old) => old.id !== body.id);
      return;
    case "ticket":
      takeTicket(state, body.ticket);
      return;
    case "vetoed":
      state.vetoes = [...state.vetoes.filter((old) => refKey(old.owner) !== refKey(body.owner)), { owner: body.owner, until: body.until, reason: body.reason }];
      return;
    case "known-good":
      addKnown(state, body.known);
      return;
    case "storm":
      state.storm = body.state === "begun" ? { since: at, lastTrouble: at, reason: body.reason } : undefined;
      return;
    case "version":
      restoreVersion(state, at, body);
      return;
    case "policy":
    case "started":
      // The policy in force is read from its document at every start.
      return;
  }
}

/** What was certainly not carried out does not count; what the same attempt does later does. */
function forgetFailed(state: State, { attempts }: Incident): void {
  const last = attempts.at(-1);
  if (last?.outcome === "failed") state.acts = state.acts.filter((act) => act.undo || act.attempt !== last.id);
}

function takeIncident(state: State, incident: Incident): void {
  const key = refKey(incident.subject);
  // Facts that were being fetched died with the process that asked.
  const { asked: _, ...rest } = incident as Incident & { asked?: unknown };
  state.incidents.set(incident.id, rest as Incident);
  noteClosed(state, incident);
  state.nextIncident = Math.max(state.nextIncident, Number(incident.id.slice(4)) + 1);
  if (incident.phase === "resolved") {
    if (state.bySubject.get(key) === incident.id) state.bySubject.delete(key);
    state.lastOf.set(key, incident.id);
  } else state.bySubject.set(key, incident.id);
}
