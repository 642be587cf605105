import { block, type Gate, pass } from "../gate.ts";

/** The engine counts the acts of one day: no rest is longer. */
const MAX_REST_MS = 24 * 3_600_000;

/** Rest after an act on a target, doubled with each attempt, a day at most. */
export const cooldown: Gate = {
  id: "cooldown",
  check: ({ history, policy, now }) => {
    if (history.lastActAt === undefined) return pass("nothing was done to this target lately");
    const doublings = Math.max(0, history.attemptsOnTarget - 1);
    const until = history.lastActAt + Math.min(MAX_REST_MS, policy.spec.limits.cooldown * 2 ** doublings);
    return now < until ? block(`cooling down until ${new Date(until).toISOString()}`, until) : pass("the cooldown is over");
  },
};
