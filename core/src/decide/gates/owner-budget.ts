import { refText, sameRef } from "../../model/ref.ts";
import { budgetAnswer } from "../budget.ts";
import type { Gate } from "../gate.ts";

export const ownerBudget: Gate = {
  id: "owner-budget",
  check: ({ history, plan, policy, now }) => {
    const own = history.acts.filter((act) => sameRef(act.owner, plan.owner));
    return budgetAnswer(refText(plan.owner), own, policy.spec.limits.actsPerOwnerPerHour, now);
  },
};
