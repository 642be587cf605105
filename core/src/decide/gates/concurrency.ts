import { block, type Gate, pass } from "../gate.ts";

/** Few acts at once: each is verified while little else moves. */
export const concurrency: Gate = {
  id: "concurrency",
  check: ({ inFlight, incident, policy }) => {
    const others = new Set(inFlight.filter((act) => act.isUnderWay !== true && act.incident !== incident.id).map((act) => act.incident));
    const limit = policy.spec.limits.concurrentActs;
    const text = `${others.size} of ${limit} acts at once`;
    return others.size < limit ? pass(text) : block(others.size === 0 ? text : `${text}: ${[...others].sort().join(", ")}`);
  },
};
