/** The one way in which an incident changes: the record first, then the state. */
import type { Incident, Phase } from "../model/incident.ts";
import type { DecisionInputs } from "../model/record.ts";
import { refKey } from "../model/ref.ts";
import { emitRecord, noteClosed, setReads, type Turn } from "./state.ts";

/** Fields that every phase has; what `move` carries over. */
const BASE = [
  "id",
  "cluster",
  "subject",
  "title",
  "severity",
  "openedAt",
  "since",
  "changedAt",
  "findings",
  "healthySince",
  "mode",
  "diagnosis",
  "attempts",
  "explains",
  "reopened",
  "requestedBy",
] as const;

type Base = Pick<Incident, (typeof BASE)[number]>;

/** The part of an incident that does not belong to its phase. */
export function baseOf(incident: Incident): Base {
  const base: Partial<Record<string, unknown>> = {};
  for (const key of BASE) if (incident[key] !== undefined) base[key] = incident[key];
  return base as unknown as Base;
}

/** Records the incident as it is from now on, and makes it so. Returns it. */
export function move<P extends Phase>(turn: Turn, from: Incident, to: Extract<Incident, { phase: P }>, reason: string, inputs?: DecisionInputs): Incident {
  const { state } = turn;
  const next: Incident = { ...to, changedAt: state.now };
  emitRecord(turn, { type: "incident", incident: next, from: from.phase, reason, ...(inputs === undefined ? {} : { inputs }) });
  keep(turn, next);
  notice(turn, from, next, reason);
  return next;
}

/** Puts it into the state; resolved incidents leave the live index. */
export function keep(turn: Turn, incident: Incident): void {
  const { state } = turn;
  const key = refKey(incident.subject);
  state.incidents.set(incident.id, incident);
  noteClosed(state, incident);
  if (incident.phase === "resolved") {
    if (state.bySubject.get(key) === incident.id) state.bySubject.delete(key);
    state.lastOf.set(key, incident.id);
    setReads(state, incident.id, new Set());
  } else {
    state.bySubject.set(key, incident.id);
  }
}

const TOLD: ReadonlySet<Phase> = new Set(["open", "awaiting", "acting", "resolved", "escalated", "undoing"]);

function notice(turn: Turn, from: Incident, to: Incident, reason: string): void {
  if (!TOLD.has(to.phase) || from.phase === to.phase) return;
  turn.effects.push({
    type: "notify",
    notice: { incident: to.id, phase: to.phase, severity: to.severity, title: to.title, text: reason, at: turn.state.now },
  });
}
