import { block, type Gate, pass } from "../gate.ts";

/** What did not help a few times will not help by being repeated. */
export const attempts: Gate = {
  id: "attempts",
  check: ({ history, policy }) => {
    const limit = policy.spec.limits.attemptsPerTarget;
    const text = `${history.attemptsOnTarget} of ${limit} attempts on this target`;
    return history.attemptsOnTarget < limit ? pass(text) : block(text);
  },
};
