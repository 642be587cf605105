import fc from "fast-check";
import { expect, test } from "vitest";
import { addScores, NO_SCORE, wilson } from "./score.ts";
import { scoreTable } from "./table.ts";

test("the interval of Wilson holds the share, stays between 0 and 1, and is honest where nothing or everything was right", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 0, max: 5_000 }), (cases, some) => {
      const right = Math.min(some, cases);
      const { low, high } = wilson(right, cases);
      expect(low).toBeGreaterThanOrEqual(0);
      expect(high).toBeLessThanOrEqual(1);
      expect(low).toBeLessThanOrEqual(right / cases);
      expect(high).toBeGreaterThanOrEqual(right / cases);
    }),
    // 4,511 cases and none right left 5e-20 below the interval by rounding.
    { examples: [[4_511, 0]] },
  );
  expect(wilson(0, 100).high).toBeCloseTo(0.037, 3);
  expect(wilson(100, 100).low).toBeCloseTo(0.963, 3);
});

test("scores add up, and an empty share is no number", () => {
  const one = { ...NO_SCORE, seeds: 1, faults: 2, detected: 2, healable: 1, healed: 1, detectMs: [10_000] };
  const sum = addScores([one, one]);
  expect(sum).toMatchObject({ seeds: 2, faults: 4, detected: 4, detectMs: [10_000, 10_000] });
  const table = scoreTable([{ name: "kintsugi", score: sum }]);
  expect(table).toContain("100.0 % (51.0 % to 100.0 %, n=4)");
  expect(table).toContain("| none |");
});
