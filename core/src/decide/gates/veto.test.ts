import { expect, test } from "vitest";
import { CART, decideInput } from "../../testing/decide-input.ts";
import { at, ref } from "../../testing/objects.ts";
import { veto } from "./veto.ts";

const said = (until: number, owner = CART) => ({ vetoes: [{ owner, until, reason: "ada denied it: not now" }] });

test("a person's no holds until it ends", () => {
  expect(veto.check(decideInput(said(at(900))))).toMatchObject({
    answer: "block",
    reason: expect.stringContaining("ada denied it: not now"),
    retryAt: at(900),
  });
  expect(veto.check(decideInput(said(at(600)))).answer).toBe("pass");
});

test("it is about that owner alone", () => {
  expect(veto.check(decideInput(said(at(900), ref("Deployment", "pay")))).answer).toBe("pass");
});
