import { expect, it } from "vitest";
import { DailyProfile } from "./daily-profile.ts";

const HOUR = 3_600_000;

it("expects at a time of day what that time had on other days", () => {
  const profile = new DailyProfile();
  for (let sample = 0; sample < 14 * 288; sample++) profile.learn(Math.sin((2 * Math.PI * sample) / 288), sample * 300_000);
  for (const hour of [0.25, 6.25, 13, 23.9]) expect(profile.expected(14 * 24 * HOUR + hour * HOUR)).toBeCloseTo(Math.sin((2 * Math.PI * hour) / 24), 1);
});

it("expects nothing where it has seen nothing", () => {
  const profile = new DailyProfile();
  expect(profile.expected(0)).toBeNaN();
  for (let sample = 0; sample < 5; sample++) profile.learn(3, 12 * HOUR);
  expect(profile.expected(12 * HOUR)).toBe(3);
  expect(profile.expected(18 * HOUR)).toBeNaN();
});

it("knows the time of day before 1970", () => {
  const profile = new DailyProfile();
  for (let sample = 0; sample < 5; sample++) profile.learn(3, -24 * HOUR);
  expect(profile.expected(0.25 * HOUR)).toBe(3);
});
