import { describe, expect, test } from "vitest";
import { viewOf } from "../../testing/array-view.ts";
import { CLUSTER, cart, decideInput, evictPlan, type Given, nodePlan, shop } from "../../testing/decide-input.ts";
import { policyMode } from "./policy-mode.ts";

type Rules = NonNullable<NonNullable<Given["spec"]>["rules"]>;
const answer = (rules: Rules, given: Given = {}) => policyMode.check(decideInput({ spec: { mode: "suggest", rules }, ...given }));

test.each([
  ["observe", "block"],
  ["suggest", "ask"],
  ["act", "pass"],
] as const)("the default counts where no rule matches: %s", (mode, expected) => {
  expect(policyMode.check(decideInput({ spec: { mode } })).answer).toBe(expected);
});

test("a rule that matches replaces the default, stricter or not", () => {
  expect(answer([{ name: "shop", mode: "act", match: { namespaces: ["shop"] } }])).toEqual({ answer: "pass", reason: 'rule "shop" says act' });
});

test("the strictest of several wins, wherever it stands", () => {
  const act = { name: "a", mode: "act" } as const;
  const observe = { name: "o", mode: "observe" } as const;
  for (const rules of [
    [act, observe],
    [observe, act],
  ]) {
    expect(answer(rules)).toEqual({ answer: "block", reason: 'rule "o" says observe, the strictest of 2 rules that match' });
  }
});

describe("a rule matches by", () => {
  const labelled = { ...cart, metadata: { ...cart.metadata, labels: { tier: "front" } } };
  const named = { ...shop, metadata: { ...shop.metadata, labels: { team: "web" } } };
  test.each([
    ["namespace", { namespaces: ["sh*"] }, { namespaces: ["pay"] }],
    ["label of the namespace", { namespaceLabels: { team: "web" } }, { namespaceLabels: { team: "data" } }],
    ["kind of any owner", { kinds: ["Deployment"] }, { kinds: ["StatefulSet"] }],
    ["name", { names: ["ca*"] }, { names: ["pay"] }],
    ["label of any owner", { labels: { tier: "front" } }, { labels: { tier: "back" } }],
    ["failure mode", { modes: ["bad-rollout"] }, { modes: ["crash-loop"] }],
    ["action", { actions: ["evict-pod"] }, { actions: ["roll-back"] }],
    [
      "all of it at once",
      { namespaces: ["shop"], kinds: ["Deployment"], labels: { tier: "front" } },
      { namespaces: ["shop"], kinds: ["Pod"], labels: { tier: "front" } },
    ],
  ] as const)("%s", (_, right, wrong) => {
    const given = { plan: evictPlan(), objects: [labelled, named] };
    const mutable = (match: object) => JSON.parse(JSON.stringify(match)) as NonNullable<Rules[number]["match"]>;
    expect(answer([{ name: "r", mode: "act", match: mutable(right) }], given).answer).toBe("pass");
    expect(answer([{ name: "r", mode: "act", match: mutable(wrong) }], given).answer).toBe("ask");
  });
});

test("a node is in no namespace", () => {
  expect(answer([{ name: "r", mode: "act", match: { namespaces: ["*"] } }], { plan: nodePlan() }).answer).toBe("ask");
});

test("labels of a namespace that is not seen may match or not", () => {
  const input = decideInput({ spec: { rules: [{ name: "r", mode: "act", match: { namespaceLabels: { team: "web" } } }] } });
  expect(policyMode.check({ ...input, view: viewOf(CLUSTER.filter((object) => object !== shop)) }).answer).toBe("unknown");
});
