/** One check of what is allowed. */
import type { GateAnswer } from "../model/decision.ts";
import type { DecideInput } from "./input.ts";

export type Answer = Omit<GateAnswer, "gate">;

export interface Gate {
  /** Kebab-case, the name of its file, as people see it. */
  readonly id: string;
  check(input: DecideInput): Answer;
}

export function pass(reason: string): Answer {
  return { answer: "pass", reason };
}

/** Passes once a person has approved this very plan. */
export function ask(reason: string): Answer {
  return { answer: "ask", reason };
}

/** `retryAt`: the earliest moment at which the answer can change by time alone, ms. */
export function block(reason: string, retryAt?: number): Answer {
  return { answer: "block", reason, ...(retryAt === undefined ? {} : { retryAt }) };
}

export function unknown(reason: string): Answer {
  return { answer: "unknown", reason };
}

/** Only where that is proven: what cannot be seen is unknown. */
export function notApplicable(reason: string): Answer {
  return { answer: "not-applicable", reason };
}
