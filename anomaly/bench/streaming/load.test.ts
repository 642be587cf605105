import { expect, it } from "vitest";
import { costOf } from "./load.ts";
import { naiveCost } from "./naive-window.ts";
import { costOfPiece, PIECES, TIMES } from "./pieces.ts";

it("a load pushes warm series: its p-values are no longer all 1", () => {
  const cost = costOf({ series: 60, ticks: 40 });
  expect(cost.sum).toBeLessThan(1700);
  expect(cost.sum).toBeGreaterThan(100);
  expect(cost.cpu).toBeGreaterThanOrEqual(0);
  expect(cost.bytes * 60).toBe(1024 * 2048);
});

it("every piece of a push runs by itself and gives numbers", () => {
  for (const piece of Object.values(PIECES)) expect(costOfPiece(piece, 5, 200)).toBeGreaterThanOrEqual(0);
  expect(Object.keys(TIMES).every((name) => name in PIECES)).toBe(true);
  expect(naiveCost(5, 10).cpu).toBeGreaterThanOrEqual(0);
});
