import { block, type Gate, notApplicable, pass, unknown } from "../gate.ts";

/** The API server has gone through the plan without keeping it. */
export const dryRun: Gate = {
  id: "dry-run",
  check: ({ preflight, plan, authority }) => {
    const readOnly = authority.type === "read-only";
    if (preflight === undefined || preflight.planHash !== plan.hash) return unknown("no dry run of this plan");
    const { answer, reason } = preflight.dryRun;
    switch (answer) {
      case "accepted":
        return pass("the API server would accept it");
      case "refused":
        return block(`the API server would refuse it: ${reason}`);
      case "unknown":
        return unknown(`the dry run gave no answer: ${reason}`);
      case "not-asked":
        return readOnly ? notApplicable("acting is off, and a dry run is asked for as the one who acts") : unknown("no dry run of this plan");
    }
  },
};
