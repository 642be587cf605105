/** The attempts of an incident: the running one is the last. */
import { type Attempt, type Incident, MAX_ATTEMPTS_KEPT } from "../model/incident.ts";
import type { Turn } from "./state.ts";

export function lastAttempt(incident: Incident): Attempt {
  const attempt = incident.attempts.at(-1);
  if (attempt === undefined) throw new Error(`${incident.id} acts without an attempt`);
  return attempt;
}

/** How many attempts were carried out, or may have been. Their numbers tell, since only the last ones are kept. */
export function attemptsMade({ attempts }: Pick<Incident, "attempts">): number {
  const last = attempts.at(-1);
  if (last === undefined) return 0;
  const number = Number(last.id.split("/")[1]);
  return last.outcome === "failed" ? number - 1 : number;
}

/** Begins an attempt. One that was certainly not carried out (throttled, fenced, a conflict) goes on as the same one. */
export function beginAttempt(incident: Incident, attempt: Omit<Attempt, "id">): readonly Attempt[] {
  const kept = incident.attempts.at(-1)?.outcome === "failed" ? incident.attempts.slice(0, -1) : incident.attempts;
  return [...kept, { ...attempt, id: `${incident.id}/${attemptsMade(incident) + 1}` }].slice(-MAX_ATTEMPTS_KEPT);
}

/** Closes the running attempt. A step that was certainly not carried out is taken off the budgets. */
export function endAttempt<I extends Incident>(turn: Turn, incident: I, outcome: Attempt["outcome"], detail: string): I {
  const attempt = incident.attempts.at(-1);
  if (attempt === undefined) return incident;
  if (outcome === "failed") turn.state.acts = turn.state.acts.filter((act) => act.attempt !== attempt.id || act.undo);
  const ended: Attempt = { ...attempt, outcome, detail, endedAt: turn.state.now };
  return { ...incident, attempts: incident.attempts.with(-1, ended) };
}
