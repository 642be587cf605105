/** How many acts an hour. */
import { type Answer, block, pass } from "./gate.ts";
import type { PastAct } from "./input.ts";

const HOUR_MS = 3_600_000;

/** Blocks while `limit` acts lie within the last hour, until the oldest that counts is older than that. */
export function budgetAnswer(whose: string, acts: readonly PastAct[], limit: number, now: number): Answer {
  if (limit === 0) return block(`the policy allows no acts for ${whose}`);
  // A record from before the clock was set back lies ahead: it counts until its hour is over.
  const recent = acts.filter((act) => act.at > now - HOUR_MS).map((act) => act.at);
  const text = `${recent.length} of ${limit} acts an hour for ${whose}`;
  if (recent.length < limit) return pass(text);
  const freed = recent.toSorted((a, b) => a - b)[recent.length - limit];
  return block(text, freed === undefined ? undefined : freed + HOUR_MS);
}
