import { expect, test } from "vitest";
import { decideInput, nodePlan } from "../../testing/decide-input.ts";
import { at, ref } from "../../testing/objects.ts";
import { namespaceBudget } from "./namespace-budget.ts";

const acts = (count: number, namespace: string) =>
  Array.from({ length: count }, (_, i) => ({ at: at(i), owner: ref("Deployment", `d${i}`, namespace), target: ref("Deployment", `d${i}`, namespace) }));

test("six acts an hour in one namespace, whoever's they were", () => {
  expect(namespaceBudget.check(decideInput({ history: { acts: acts(5, "shop"), attemptsOnTarget: 0 } })).answer).toBe("pass");
  expect(namespaceBudget.check(decideInput({ history: { acts: acts(6, "shop"), attemptsOnTarget: 0 } }))).toMatchObject({ answer: "block", retryAt: at(3600) });
});

test("another namespace's do not count, and a node is in none", () => {
  const history = { acts: acts(9, "pay"), attemptsOnTarget: 0 };
  expect(namespaceBudget.check(decideInput({ history })).answer).toBe("pass");
  expect(namespaceBudget.check(decideInput({ history, plan: nodePlan() })).answer).toBe("not-applicable");
});
