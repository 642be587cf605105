import { budgetAnswer } from "../budget.ts";
import type { Gate } from "../gate.ts";

export const clusterBudget: Gate = {
  id: "cluster-budget",
  check: ({ history, policy, now }) => budgetAnswer("the cluster", history.acts, policy.spec.limits.actsPerClusterPerHour, now),
};
