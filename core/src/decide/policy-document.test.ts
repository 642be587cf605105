import { describe, expect, test } from "vitest";
import { DEFAULT_POLICY } from "../model/policy.ts";
import { type PolicyProblem, parsePolicy } from "./policy-document.ts";

const known = { modes: ["crash-loop", "bad-rollout", "scaled-to-zero"], actions: ["roll-back", "evict-pod"] };
const header = "apiVersion: kintsugi.dev/v1alpha1\nkind: Policy\nmetadata: { name: team }\n";

function problemsOf(text: string): readonly PolicyProblem[] {
  const parsed = parsePolicy(text, known);
  return parsed.ok ? [] : parsed.problems;
}

function warningsOf(spec: string): readonly string[] {
  const parsed = parsePolicy(`${header}spec:\n${spec}`, known);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.warnings;
}

test("a policy is one default and rules, durations are written as people say them", () => {
  const parsed = parsePolicy(
    `${header}spec:
  mode: observe
  limits: { cooldown: 1h30m }
  rules:
    - name: heal the shop
      match: { namespaces: ["shop-*"], modes: [crash-loop], actions: [roll-back] }
      mode: act
`,
    known,
  );
  expect(parsed).toMatchObject({
    ok: true,
    warnings: [],
    policy: { name: "team", spec: { mode: "observe", limits: { cooldown: 5_400_000, concurrentActs: 2 }, rules: [{ mode: "act" }] } },
  });
});

test("the shipped default suggests and has no rules, and an empty spec is the same", () => {
  const parsed = parsePolicy(header, known);
  expect(DEFAULT_POLICY.spec).toMatchObject({ mode: "suggest", rules: [] });
  expect(parsed.ok && parsed.policy.hash).toBe(DEFAULT_POLICY.hash);
});

test("the hash is that of what is said, not of how it is written", () => {
  const hash = (spec: string) => {
    const parsed = parsePolicy(`${header}spec: ${spec}`, known);
    return parsed.ok ? parsed.policy.hash : undefined;
  };
  expect(hash("{ limits: { cooldown: 60m }, mode: act }")).toBe(hash('{ "mode": "act", limits: { cooldown: 1h } }'));
  expect(hash("{ mode: act }")).not.toBe(hash("{ mode: observe }"));
});

describe("every problem says where it is and what would be right", () => {
  test.each([
    ["a misspelt field", "  limits:\n    cooldwon: 5m", 6, 5, "spec.limits.cooldwon", "there is no field cooldwon here", "did you mean cooldown?"],
    ["a misspelt mode", "  mode: observ", 5, 9, "spec.mode", '"observ" is none of the words that are known here', "did you mean observe?"],
    ["another word altogether", "  mode: yolo", 5, 9, "spec.mode", '"yolo" is none of the words that are known here', "write one of observe, suggest, act"],
    ["a number for a duration", "  limits:\n    cooldown: 5", 6, 15, "spec.limits.cooldown", "5 is no text", "write a duration, for example 30s, 10m or 1h30m"],
    ["a bad duration", "  storm: { calm: 5x }", 5, 18, "spec.storm.calm", '"5x" does not fit here', "write a duration, for example 30s, 10m or 1h30m"],
    [
      "a rest that is longer than acts are remembered",
      "  limits: { cooldown: 25h }",
      5,
      23,
      "spec.limits.cooldown",
      '"25h" is more than 1d',
      "write a shorter one",
    ],
    [
      "a window that is longer than incidents are remembered",
      "  windows: { reopen: 8d }",
      5,
      22,
      "spec.windows.reopen",
      '"8d" is more than 7d',
      "write a shorter one",
    ],
    ["a veto without an end", "  windows: { veto: 99999999d }", 5, 20, "spec.windows.veto", '"99999999d" is more than 365d', "write a shorter one"],
    ["a share above one", "  minConfidence: { ask: 3 }", 5, 25, "spec.minConfidence.ask", "3 is more than 1", "write a number from 0 to 1"],
    ["a negative count", "  limits: { concurrentActs: -1 }", 5, 29, "spec.limits.concurrentActs", "-1 is less than 0", "write a whole number, 0 or more"],
    ["a rule without a name", "  rules:\n    - mode: act", 6, 7, "spec.rules[0].name", "name is missing", "write a text"],
    [
      "one name for a list",
      "  unprotect: { namespaces: kube-system }",
      5,
      28,
      "spec.unprotect.namespaces",
      '"kube-system" is no list',
      "write a list, each item after a dash",
    ],
    [
      "an unknown failure mode",
      "  rules:\n    - name: a\n      mode: act\n      match:\n        modes:\n          - crash-lop",
      10,
      13,
      "spec.rules[0].match.modes[0]",
      "there is no failure mode crash-lop",
      "did you mean crash-loop?",
    ],
    [
      "an unknown action",
      "  rules: [{ name: a, mode: act, match: { actions: [reboot] } }]",
      5,
      52,
      "spec.rules[0].match.actions[0]",
      "there is no action reboot",
      "write one of roll-back, evict-pod",
    ],
    [
      "an unknown kind",
      "  rules: [{ name: a, mode: act, match: { kinds: [deployment] } }]",
      5,
      50,
      "spec.rules[0].match.kinds[0]",
      "there is no observed kind deployment",
      "did you mean Deployment?",
    ],
    [
      "two rules of one name",
      "  rules:\n    - { name: a, mode: act }\n    - { name: a, mode: observe }",
      7,
      15,
      "spec.rules[1].name",
      "a is the name of rules[0] too",
      "give each its own name: reasons refer to it",
    ],
    [
      "less confidence to act than to ask",
      "  minConfidence: { ask: 0.8, act: 0.6 }",
      5,
      35,
      "spec.minConfidence.act",
      "to act less confidence is wanted (0.6) than to ask (0.8)",
      "write 0.8 or more",
    ],
    [
      "a maintenance window that ends before it starts",
      "  maintenance:\n    - { name: m, start: '2026-05-02T00:00:00Z', end: '2026-05-01T00:00:00Z' }",
      6,
      54,
      "spec.maintenance[0].end",
      "2026-05-01T00:00:00Z is not after 2026-05-02T00:00:00Z",
      "write an end after the start",
    ],
    [
      "a time without its zone",
      "  maintenance: [{ name: m, start: 2026-05-02, end: '2026-05-03T00:00:00Z' }]",
      5,
      35,
      "spec.maintenance[0].start",
      '"2026-05-02" does not fit here',
      "write a time with its zone, for example 2026-05-01T20:00:00Z",
    ],
    [
      "a Job without its namespace",
      "  idempotentJobs: [report]",
      5,
      20,
      "spec.idempotentJobs[0]",
      "report names no Job",
      "write namespace/name, for example data/report-*",
    ],
    [
      "a cure that could never show",
      "  windows: { verifyHold: 20m, verifySettle: 10m }",
      5,
      12,
      "spec.windows",
      "a cure must show within a shorter time (verifySettle) than it must hold (verifyHold), so none ever would",
      "make verifySettle the longer one",
    ],
  ])("%s", (_, spec, line, column, path, message, hint) => {
    expect(problemsOf(`${header}spec:\n${spec}\n`)).toEqual([{ line, column, path, message, hint }]);
  });

  test("all problems are told at once, in the order of their lines", () => {
    expect(problemsOf(`${header}spec:\n  mode: x\n  rulez: []\n  storm: { owners: many }\n`).map(({ line }) => line)).toEqual([5, 6, 7]);
  });

  test("another API version or kind", () => {
    expect(problemsOf("apiVersion: kintsugi.dev/v1alpha1\nkind: Policy\nspec: {}\n")).toMatchObject([
      { message: "metadata is missing", hint: "write the field name" },
    ]);
    const problems = problemsOf("apiVersion: v1\nkind: Polcy\nmetadata: { name: a }\n");
    expect(problems.map(({ line, hint }) => [line, hint])).toEqual([
      [1, "write kintsugi.dev/v1alpha1"],
      [2, "write Policy"],
    ]);
  });
});

describe("what is no policy at all", () => {
  test.each([
    ["an empty document", "", 1, "the document is empty"],
    ["only a comment", "# later\n", 1, "the document is empty"],
    ["a list", "- a\n", 1, '["a"] is no set of fields'],
    ["a tab", "spec:\n\tmode: act\n", 2, "this is not YAML"],
    ["an open bracket", `${header}spec:\n  rules: [\n`, 6, "this is not YAML"],
    ["a field written twice", `${header}kind: Policy\n`, 4, "this is not YAML: Map keys must be unique"],
    ["two documents", `${header}---\n${header}`, 4, "a second document begins here"],
  ])("%s", (_, text, line, message) => {
    const [first] = problemsOf(text);
    expect(first).toMatchObject({ line, message: expect.stringContaining(message), hint: expect.stringMatching(/\w/) });
  });

  test("a document that grows without end when read is refused", () => {
    const lines = ["a: &a [x, x, x, x, x, x, x, x, x]"];
    for (let i = 0; i < 8; i++) {
      const before = String.fromCharCode(97 + i);
      const ref = `*${before}`;
      lines.push(`${String.fromCharCode(98 + i)}: &${String.fromCharCode(98 + i)} [${Array.from({ length: 9 }, () => ref).join(", ")}]`);
    }
    expect(problemsOf(lines.join("\n"))[0]?.message).toBe("the document refers to itself too often");
    expect(problemsOf("&a [*a]")[0]?.message).toBe("the document refers to itself too often");
  });

  test("a text that is far too long is not even read", () => {
    expect(problemsOf("#".repeat(300_000))[0]?.hint).toContain("at most");
  });
});

describe("what may surprise is said and does not stop anything", () => {
  test.each([
    [
      "rules that disagree",
      "  rules:\n  - { name: a, mode: act, match: { namespaces: [x, y] } }\n  - { name: b, mode: observe, match: { namespaces: [y, x] } }",
      'rules "a" (act) and "b" (observe) match the same and disagree: the strictest wins',
    ],
    ["an empty list", "  rules: [{ name: a, mode: observe, match: { kinds: [] } }]", 'rule "a" never matches: its list kinds is empty'],
    [
      "nodes in a namespace",
      "  rules: [{ name: a, mode: observe, match: { kinds: [Node], namespaces: [x] } }]",
      'rule "a" never matches: Node are in no namespace',
    ],
    ["everything", "  rules: [{ name: a, mode: act }]", 'rule "a" matches everything, and says act'],
    [
      "a protected namespace that is named only once",
      "  rules: [{ name: a, mode: act, match: { namespaces: [kube-system] } }]",
      'rule "a" changes nothing in kube-system, which is protected: name it under unprotect.namespaces too',
    ],
    ["a limit of nothing", "  limits: { concurrentActs: 0 }", "limits.concurrentActs is 0: nothing is ever done"],
    ["a storm at all times", "  storm: { owners: 0 }", "storm: a threshold of 0 freezes everything always"],
    ["approvals without life", "  windows: { approval: 0s }", "windows.approval is 0: every approval expires at once"],
    ["everything unprotected", '  unprotect: { namespaces: ["*"] }', "unprotect.namespaces names every namespace, the system's too"],
    ["act by default", "  mode: act", "mode is act and there are no rules: everything that passes the gates is done without asking"],
  ])("%s", (_, spec, warning) => {
    expect(warningsOf(spec)).toEqual([warning]);
  });
});
