import { expect, test } from "vitest";
import { decideInput } from "../../testing/decide-input.ts";
import { stillUnhealthy } from "./still-unhealthy.ts";

test("what has got well is left alone", () => {
  expect(stillUnhealthy.check(decideInput({ stillUnhealthy: false })).answer).toBe("block");
  expect(stillUnhealthy.check(decideInput()).answer).toBe("pass");
});
