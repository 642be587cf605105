/** The attempts of an incident: the running one is the last. */
import type { Attempt, Incident } from "../model/incident.ts";
import type { Turn } from "./state.ts";

export function lastAttempt(incident: Incident): Attempt {
  const attempt = incident.attempts.at(-1);
  if (attempt === undefined) throw new Error(`${incident.id} acts without an attempt`);
  return attempt;
}

/** Closes the running attempt. A step that was certainly not carried out is taken off the budgets. */
export function endAttempt<I extends Incident>(turn: Turn, incident: I, outcome: Attempt["outcome"], detail: string): I {
  const attempt = incident.attempts.at(-1);
  if (attempt === undefined) return incident;
  if (outcome === "failed") turn.state.acts = turn.state.acts.filter((act) => act.attempt !== attempt.id || act.undo);
  const ended: Attempt = { ...attempt, outcome, detail, endedAt: turn.state.now };
  return { ...incident, attempts: incident.attempts.with(-1, ended) };
}
