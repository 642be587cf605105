import type { Attempt, Incident } from "@kintsugi/core";
import { expect, it } from "vitest";
import { incident, PLAN, resolved, T0 } from "../adapters/testing/records.ts";
import { remediationRow } from "./remediations.ts";

const attempt = (outcome: Attempt["outcome"], detail: string): Attempt => ({ id: "inc-1/1", plan: PLAN, startedAt: T0, outcome, detail });
const withAttempt = (one: Attempt, of: Incident): Incident => ({ ...of, attempts: [one] });

it("what a person wanted back was not found wanting by its verification", () => {
  const undone = attempt("undone", "ada asked: we want the new tag; the previous state is restored");
  const asked = { ...withAttempt(undone, resolved("inc-1", T0)), how: "undone" } as Incident;
  expect(remediationRow(undone, asked).verification).toEqual({ state: "unknown", reason: undone.detail });
});

it("what was taken back because it did not help was", () => {
  const undone = attempt("undone", "still unwell; the previous state is restored");
  expect(remediationRow(undone, withAttempt(undone, incident("inc-1"))).verification.state).toBe("failed");
});
