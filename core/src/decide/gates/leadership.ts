import { block, type Gate, notApplicable, pass } from "../gate.ts";

/** No Lease, no act. */
export const leadership: Gate = {
  id: "leadership",
  check: ({ authority, now }) => {
    if (authority.type === "read-only") return notApplicable("nothing is applied, so no Lease is needed");
    if (authority.type === "waiting") return block(`the Lease is not ours: ${authority.reason}`);
    if (now < authority.actFrom) {
      return block("another ledger held the Lease until recently, so only watching until its budgets have run out", authority.actFrom);
    }
    return pass(`leading with epoch ${authority.epoch}`);
  },
};
