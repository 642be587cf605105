/** Act, ask or hold: every gate is asked, and every answer is kept. */
import type { Decision, GateAnswer } from "../model/decision.ts";
import { ACTING_IS_OFF } from "./gates/acting.ts";
import { validApproval } from "./gates/approval.ts";
import { GATES } from "./gates.ts";
import type { DecideInput } from "./input.ts";

/**
 * Hold where any gate blocks or does not know; ask where any gate wants a person and none has approved this very plan; act otherwise.
 * While acting is off the verdict is at most ask, and no approval counts.
 */
export function decide(input: DecideInput): Decision {
  const capped = input.authority.type === "read-only" ? ACTING_IS_OFF : undefined;
  const approved = capped === undefined ? validApproval(input) : undefined;
  const gates = GATES.map((gate): GateAnswer => {
    const answer = { gate: gate.id, ...gate.check(input) };
    if (answer.answer !== "ask" || approved === undefined) return answer;
    return { ...answer, answer: "pass", reason: `${answer.reason}; approved by ${approved.by}` };
  });
  const holding = gates.filter(({ answer }) => answer === "block" || answer === "unknown");
  const base = { gates, at: input.now, ...(capped === undefined ? {} : { capped }) };
  if (holding.length > 0) {
    const moments = holding.flatMap(({ retryAt }) => retryAt ?? []);
    return { verdict: "hold", ...base, ...(moments.length === 0 ? {} : { retryAt: Math.min(...moments) }) };
  }
  return { verdict: capped !== undefined || gates.some(({ answer }) => answer === "ask") ? "ask" : "act", ...base };
}

/** What holds, gate by gate: those that block, and those that cannot tell. */
export function reasonsOf(decision: Decision): readonly GateAnswer[] {
  return decision.gates.filter(({ answer }) => answer === "block" || answer === "unknown");
}

/** The same as one line: `gate: reason; gate: reason`. */
export function reasonText(decision: Decision): string {
  return reasonsOf(decision)
    .map(({ gate, reason }) => `${gate}: ${reason}`)
    .join("; ");
}
