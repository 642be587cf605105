import { expect, test } from "vitest";
import { decideInput } from "../../testing/decide-input.ts";
import { acting } from "./acting.ts";

test("without --act plans are only shown", () => {
  expect(acting.check(decideInput({ authority: { type: "read-only" } }))).toMatchObject({ answer: "ask", reason: expect.stringContaining("--act") });
});

test("with --act it passes, whoever holds the Lease", () => {
  expect(acting.check(decideInput()).answer).toBe("pass");
  expect(acting.check(decideInput({ authority: { type: "waiting", reason: "another leads" } })).answer).toBe("pass");
});
