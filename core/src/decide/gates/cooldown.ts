import { block, type Gate, pass } from "../gate.ts";

/** More doublings than the policy's attempts would ever allow; keeps the wait a number. */
const MAX_DOUBLINGS = 16;

/** Rest after an act on a target, doubled with each attempt. */
export const cooldown: Gate = {
  id: "cooldown",
  check: ({ history, policy, now }) => {
    if (history.lastActAt === undefined) return pass("nothing was done to this target lately");
    const doublings = Math.min(MAX_DOUBLINGS, Math.max(0, history.attemptsOnTarget - 1));
    const until = history.lastActAt + policy.spec.limits.cooldown * 2 ** doublings;
    return now < until ? block(`cooling down until ${new Date(until).toISOString()}`, until) : pass("the cooldown is over");
  },
};
