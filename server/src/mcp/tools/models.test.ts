import { expect, it } from "vitest";
import { hourOf } from "./models.ts";

const TUESDAY = Date.parse("2026-01-06T22:30:00Z");

it("says an hour and a weekday as the API takes them, Monday first", () => {
  expect(hourOf("14:30", "2026-01-05", TUESDAY)).toEqual({ hour: 14, day_of_week: 0 });
  expect(hourOf("00:15", "2026-01-11", TUESDAY)).toEqual({ hour: 0, day_of_week: 6 });
});

it("takes the next such hour without a date, and the next hour without either", () => {
  expect(hourOf("23:00", undefined, TUESDAY)).toEqual({ hour: 23, day_of_week: 1 });
  expect(hourOf("06:00", undefined, TUESDAY)).toEqual({ hour: 6, day_of_week: 2 });
  expect(hourOf(undefined, undefined, TUESDAY)).toEqual({ hour: 23, day_of_week: 1 });
  expect(hourOf(undefined, undefined, TUESDAY + 3_600_000)).toEqual({ hour: 0, day_of_week: 2 });
});
