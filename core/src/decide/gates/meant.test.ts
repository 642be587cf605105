import { expect, test } from "vitest";
import { decideInput } from "../../testing/decide-input.ts";
import { meant } from "./meant.ts";

const mode = { id: "bad-rollout", deterministic: true, maybeMeant: true, kinds: [] };

test("what a person may have meant is asked about", () => {
  expect(meant.check(decideInput({ mode })).answer).toBe("ask");
});

test("a rule that says act and names the mode lifts that; one that matches without naming it does not", () => {
  const rules = (modes?: string[]) => ({ rules: [{ name: "r", mode: "act" as const, match: modes === undefined ? {} : { modes } }] });
  expect(meant.check(decideInput({ mode, spec: rules(["bad-rollout"]) })).answer).toBe("pass");
  expect(meant.check(decideInput({ mode, spec: rules() })).answer).toBe("ask");
  expect(meant.check(decideInput({ mode, spec: rules(["other"]) })).answer).toBe("ask");
});

test("other modes are never meant", () => {
  expect(meant.check(decideInput()).answer).toBe("not-applicable");
});
