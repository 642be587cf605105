import { addScores } from "@kintsugi/sim";
import { expect, it } from "vitest";
import { missedTargets } from "./targets.ts";

const good = { ...addScores([]), healable: 100, healed: 95 };

it("a swarm that heals 95 of 100, harms nothing and raises no false alarm reaches its targets", () => {
  expect(missedTargets(good, 0)).toEqual([]);
  expect(missedTargets(addScores([]), 0)).toEqual([]);
});

it.each([
  [{ ...good, healed: 94 }, 0, "94 of 100 healed, less than 95 %"],
  [{ ...good, harmed: 1 }, 0, "1 harmed, where none may be"],
  [{ ...good, falseAlarms: 2 }, 0, "2 false alarms, where none may be"],
  [good, 3, "3 laws were broken"],
])("a target is missed: %#", (score, brokenLaws, text) => {
  expect(missedTargets(score, brokenLaws)).toEqual([text]);
});
