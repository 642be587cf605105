import { PolicySpec, type PreviewOptions, policyOf } from "@kintsugi/core";
import { expect, it } from "vitest";
import { awaiting, PLAN, resolved, T0 } from "../adapters/testing/records.ts";
import { decidedOtherwise, fieldChanges } from "./policy-change.ts";

const spec = (given: object) => PolicySpec.parse(given);

it("names every field that differs, with what it was and will be", () => {
  const before = spec({ rules: [{ name: "a", match: { namespaces: ["shop"] }, mode: "act" }] });
  const after = spec({ rules: [{ name: "a", match: { namespaces: ["shop", "bank"] }, mode: "suggest" }], limits: { cooldown: "20m" } });
  expect(fieldChanges(before, after)).toEqual([
    { path: "spec.rules[0].match.namespaces[1]", after: "bank" },
    { path: "spec.rules[0].mode", before: "act", after: "suggest" },
    { path: "spec.limits.cooldown", before: 600_000, after: 1_200_000 },
  ]);
  expect(fieldChanges(before, before)).toEqual([]);
});

it("asks about each plan as if the API server permitted it, so that only the policies are compared", () => {
  const asked: PreviewOptions[] = [];
  const look = (_id: string, options: PreviewOptions) => {
    asked.push(options);
    const verdict = options.policy === undefined ? "ask" : "hold";
    return {
      incident: awaiting("inc-2"),
      diagnosis: { candidates: [], changes: [], at: T0 },
      next: { plan: PLAN, decision: { verdict, gates: [], at: T0 } },
    } as const;
  };
  const other = policyOf("other", spec({ mode: "observe" }));
  expect(decidedOtherwise(look, awaiting("inc-2"), other, T0)).toMatchObject({ incident: "inc-2", before: { verdict: "ask" }, after: { verdict: "hold" } });
  const facts = { planHash: PLAN.hash, permissions: [{ text: "patch deployments.apps in shop", answer: "allowed" }] };
  expect(asked.map(({ preflight }) => preflight).filter((known) => known !== undefined)).toMatchObject([facts, facts]);
});

it("says why there would be no plan any more, and nothing of what has ended or stays as it is", () => {
  const diagnosis = { candidates: [], changes: [], at: T0 };
  const planned = { plan: PLAN, decision: { verdict: "ask", gates: [], at: T0 } } as const;
  const look = (id: string, { policy }: PreviewOptions) => ({
    incident: awaiting(id),
    diagnosis,
    next: policy === undefined || id === "inc-3" ? planned : { why: "3 attempts were made and none helped" },
  });
  const other = policyOf("other", spec({ limits: { attemptsPerTarget: 1 } }));
  expect(decidedOtherwise(look, awaiting("inc-2"), other, T0)?.after).toEqual({ summary: "3 attempts were made and none helped", gates: [] });
  expect(decidedOtherwise(look, awaiting("inc-3"), other, T0)).toBeUndefined();
  expect(decidedOtherwise(look, resolved("inc-1", T0), other, T0)).toBeUndefined();
});
