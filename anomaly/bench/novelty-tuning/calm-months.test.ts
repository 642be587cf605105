import { expect, it } from "vitest";
import { calmMonths } from "./calm-months.ts";

it("counts what a memory calls new because it has forgotten it: every hour of a week has a level of its own", () => {
  const hours = { name: "hours of the week", types: 1, start: () => (row: number) => (37 * Math.floor(row / 12)) % 168 };
  const [own, all] = calmMonths([hours], 0.02).rows;
  const alarms = own?.cells.map(Number) ?? [];
  expect(alarms[0]).toBeGreaterThan(0);
  expect(alarms.at(-1)).toBe(0);
  expect(all?.cells).toEqual(own?.cells);
}, 30_000);
