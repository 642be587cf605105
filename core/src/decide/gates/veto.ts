import { sameRef } from "../../model/ref.ts";
import { block, type Gate, pass } from "../gate.ts";

/** A person has denied this, or taken back what we did. */
export const veto: Gate = {
  id: "veto",
  check: ({ vetoes, plan, now }) => {
    const standing = vetoes
      .filter((held) => held.until > now && (sameRef(held.owner, plan.owner) || sameRef(held.owner, plan.target)))
      .toSorted((a, b) => b.until - a.until)[0];
    return standing === undefined ? pass("nobody has said no") : block(`${standing.reason}; until ${new Date(standing.until).toISOString()}`, standing.until);
  },
};
