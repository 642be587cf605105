/**
 * How many records one caller may add by what can be asked again and again. Rates let a burst through and a steady stream after it; the ledger keeps all of it
 * for months. What holds, ends or takes back is never refused here.
 */
import type { Command } from "@kintsugi/core";
import { type Caller, ownerOf } from "../access/caller.ts";
import { HttpProblem } from "./problem.ts";
import { type Rate, TokenBuckets } from "./token-buckets.ts";

const REPEATABLE: ReadonlySet<Command["type"]> = new Set(["request", "propose", "silence", "ticket-open", "ticket-change", "ticket-close"]);

/** Some 9,000 a day: at the size of a large incident less than a gigabyte. */
const RATE: Rate = { burst: 500, perSecond: 0.1 };

export class RecordBudget {
  readonly #buckets = new TokenBuckets(RATE);
  readonly #now: () => number;

  /** `now`: ms by a clock that never goes back. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Throws HttpProblem 429 where the caller has used it up. */
  spend({ type }: Command, caller: Caller): void {
    if (!REPEATABLE.has(type)) return;
    const { allowed, waitSeconds } = this.#buckets.take(ownerOf(caller), this.#now());
    if (allowed) return;
    throw new HttpProblem(429, `you have the engine write too much down: try again in ${waitSeconds} s`, {
      code: "TOO_MANY_RECORDS",
      headers: { "retry-after": String(waitSeconds) },
    });
  }
}

const budgets = new WeakMap<object, RecordBudget>();

/** Of an engine there is one, whoever asks through what. */
export function budgetOf(engine: object): RecordBudget {
  const budget = budgets.get(engine) ?? new RecordBudget(() => performance.now());
  budgets.set(engine, budget);
  return budget;
}
