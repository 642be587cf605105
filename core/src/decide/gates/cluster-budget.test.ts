import { expect, test } from "vitest";
import { decideInput } from "../../testing/decide-input.ts";
import { at, ref } from "../../testing/objects.ts";
import { clusterBudget } from "./cluster-budget.ts";

const acts = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ at: at(i), owner: ref("Deployment", `d${i}`, `n${i}`), target: ref("Node", `w${i}`) }));

test("twelve acts an hour in the cluster, wherever they were", () => {
  expect(clusterBudget.check(decideInput({ history: { acts: acts(11), attemptsOnTarget: 0 } })).answer).toBe("pass");
  expect(clusterBudget.check(decideInput({ history: { acts: acts(12), attemptsOnTarget: 0 } }))).toMatchObject({ answer: "block", retryAt: at(3600) });
});
