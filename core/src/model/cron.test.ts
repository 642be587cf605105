import { expect, test } from "vitest";
import { nextRun } from "./cron.ts";

const DAY = 86_400_000;
const next = (schedule: string, after: string, within = DAY) => {
  const at = nextRun(schedule, Date.parse(after), within);
  return at === undefined ? undefined : new Date(at).toISOString().slice(0, 16);
};

test.each([
  ["*/5 * * * *", "2026-03-01T12:00:00Z", "2026-03-01T12:05"],
  ["*/5 * * * *", "2026-03-01T12:04:59Z", "2026-03-01T12:05"],
  ["0 3 * * *", "2026-03-01T12:00:00Z", "2026-03-02T03:00"],
  ["30 9-17/4 * * mon-fri", "2026-03-01T20:00:00Z", "2026-03-02T09:30"],
  ["0,20 12 * * 7", "2026-03-01T12:01:00Z", "2026-03-01T12:20"],
  ["15 0 1 JAN *", "2025-12-31T12:00:00Z", "2026-01-01T00:15"],
  ["10/20 * * * *", "2026-03-01T12:11:00Z", "2026-03-01T12:30"],
  ["@hourly", "2026-03-01T12:00:00Z", "2026-03-01T13:00"],
])("%s after %s runs at %s", (schedule, after, expected) => {
  expect(next(schedule, after)).toBe(expected);
});

test("where both days are given, either is enough: cron's own oddity", () => {
  expect(next("0 0 13 * fri", "2026-03-01T12:00:00Z", 7 * DAY)).toBe("2026-03-06T00:00");
});

test("a run that is not so soon, and a text that is no schedule, have no answer", () => {
  expect(next("0 3 * * *", "2026-03-01T12:00:00Z", 3_600_000)).toBeUndefined();
  for (const text of ["", "* * * *", "61 * * * *", "a b c d e", "*/0 * * * *", "5-1 * * * *"]) expect(next(text, "2026-03-01T12:00:00Z")).toBeUndefined();
});
