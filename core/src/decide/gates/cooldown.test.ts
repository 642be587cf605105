import { expect, test } from "vitest";
import { decideInput } from "../../testing/decide-input.ts";
import { at } from "../../testing/objects.ts";
import { cooldown } from "./cooldown.ts";

const after = (attemptsOnTarget: number, now: number) =>
  cooldown.check(decideInput({ now: at(now), history: { acts: [], attemptsOnTarget, lastActAt: at(0) } }));

test("ten minutes, doubled with each attempt", () => {
  expect(after(1, 599)).toMatchObject({ answer: "block", retryAt: at(600) });
  expect(after(1, 600).answer).toBe("pass");
  expect(after(2, 600)).toMatchObject({ answer: "block", retryAt: at(1200) });
  expect(after(3, 600)).toMatchObject({ answer: "block", retryAt: at(2400) });
});

test("nothing to rest from", () => {
  expect(cooldown.check(decideInput()).answer).toBe("pass");
});

test("a day at most, however many attempts: older acts are not remembered", () => {
  expect(after(5_000, 600)).toMatchObject({ answer: "block", retryAt: at(86_400) });
  expect(after(5_000, 86_400).answer).toBe("pass");
});
