import { refText } from "../../model/ref.ts";
import { claimsOf, shared } from "../chain.ts";
import { block, type Gate, pass } from "../gate.ts";

/** One act per target and per owner at a time; the owners of everything that either touches count, not only those that the plans are for. */
export const conflict: Gate = {
  id: "conflict",
  check: ({ inFlight, incident, plan, view }) => {
    const claims = claimsOf(plan, view);
    for (const act of inFlight) {
      const hit = act.incident === incident.id ? undefined : shared(claims, act.claims);
      if (hit !== undefined) return block(`${act.incident} is at work on ${refText(hit)}`);
    }
    return pass("nothing else is being done to it");
  },
};
