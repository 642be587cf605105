import { describe, expect, it } from "vitest";
import { createRandom } from "../random.ts";
import { DAY, learnProfile, type Profile, profileAt, TRUST_FIELDS, trustOf, WEEK } from "./seasonal-profile.ts";

const DAY_MS = 86_400_000;
const STEP = 300_000;
const profile: Profile = { ...DAY, slots: 0, trust: DAY.count };

/** A profile after `days` of samples every five minutes. */
function learned(days: number, value: (time: number) => number, kind = profile): Float32Array {
  const state = new Float32Array(kind.count + TRUST_FIELDS);
  for (let time = 0; time < days * DAY_MS; time += STEP) learnProfile(state, 0, kind, time, value(time), profileAt(state, 0, kind, time), STEP, time);
  return state;
}

const wave = (time: number): number => 5 * Math.sin((2 * Math.PI * time) / DAY_MS);

it("a daily wave is known after a few days, and believed", () => {
  const state = learned(6, wave);
  for (let hour = 0; hour < 24; hour += 0.5) {
    const time = 20 * DAY_MS + hour * 3_600_000;
    expect(Math.abs(profileAt(state, 0, profile, time) - wave(time))).toBeLessThan(0.4);
  }
  expect(trustOf(state, 0, profile)).toBeGreaterThan(0.9);
});

describe("is not believed", () => {
  const random = createRandom(8);
  it("where the series is noise", () =>
    expect(
      trustOf(
        learned(10, () => random.normal()),
        0,
        profile,
      ),
    ).toBeLessThan(0.35));
  it("where it is a walk without a season", () => {
    let at = 0;
    expect(
      trustOf(
        learned(10, () => (at += random.normal() - 0.01 * at)),
        0,
        profile,
      ),
    ).toBeLessThan(0.5);
  });
  it("on the first day", () => expect(trustOf(learned(1, wave), 0, profile)).toBe(0));
});

it("a quiet weekend is known after three weeks, by whole periods from Monday", () => {
  const weekly: Profile = { ...WEEK, slots: 0, trust: WEEK.count };
  const isWeekend = (time: number): boolean => [6, 0].includes(new Date(time).getUTCDay());
  const state = learned(28, (time) => (isWeekend(time) ? -4 : 1), weekly);
  expect(profileAt(state, 0, weekly, Date.UTC(2026, 10, 28, 12))).toBeLessThan(-3.5);
  expect(profileAt(state, 0, weekly, Date.UTC(2026, 10, 25, 12))).toBeGreaterThan(0.8);
  expect(trustOf(state, 0, weekly)).toBeGreaterThan(0.9);
});

it("half of the samples, at irregular times, teach the same", () => {
  const random = createRandom(3);
  const state = new Float32Array(profile.count + TRUST_FIELDS);
  let last = 0;
  for (let time = 0; time < 8 * DAY_MS; time += STEP) {
    if (random.next() < 0.5) continue;
    learnProfile(state, 0, profile, time, wave(time), profileAt(state, 0, profile, time), time - last, time);
    last = time;
  }
  expect(Math.abs(profileAt(state, 0, profile, 20 * DAY_MS + 6 * 3_600_000) - 5)).toBeLessThan(0.5);
});

it("times before 1970 have a phase too", () => expect(Number.isFinite(profileAt(learned(2, wave), 0, profile, -1e12))).toBe(true));
