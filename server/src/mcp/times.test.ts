import { expect, it } from "vitest";
import { withTimes } from "./times.ts";

const T = 1_795_754_043_000;
const WRITTEN = "2026-11-27T04:34:03.000Z";

it("times are written out, however deep they are", () => {
  const found = { items: [{ since: T, firstSeen: T, verification: { endsAt: T } }], until: T };
  expect(withTimes(found)).toEqual({ items: [{ since: WRITTEN, firstSeen: WRITTEN, verification: { endsAt: WRITTEN } }], until: WRITTEN });
});

it("durations, counts, bytes and texts stay as they are", () => {
  const other = { waitMs: 60_000, from: "held", at: null, startsAt: 120, memory: 1_795_754_043_000, now: Number.POSITIVE_INFINITY };
  expect(withTimes(other)).toEqual(other);
});
