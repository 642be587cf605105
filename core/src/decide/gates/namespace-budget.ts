import { budgetAnswer } from "../budget.ts";
import { type Gate, notApplicable } from "../gate.ts";

export const namespaceBudget: Gate = {
  id: "namespace-budget",
  check: ({ history, plan, policy, now }) => {
    const { namespace } = plan.target;
    if (namespace === "") return notApplicable(`a ${plan.target.kind} is in no namespace`);
    const inside = history.acts.filter((act) => act.target.namespace === namespace);
    return budgetAnswer(`namespace ${namespace}`, inside, policy.spec.limits.actsPerNamespacePerHour, now);
  },
};
