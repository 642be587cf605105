import { expect, test } from "vitest";
import { leftOf } from "./lease-term.ts";

const term = { askedAt: { elapsed: 1_000, wall: 50_000, server: 70_000 }, forMs: 15_000 };

test.each([
  ["all clocks agree", { elapsed: 4_000, wall: 53_000, server: 73_000 }, 12_000],
  ["the machine was suspended for a minute", { elapsed: 1_000, wall: 110_000, server: 70_000 }, -45_000],
  ["the machine and its wall stood still, which the server's next answer tells", { elapsed: 1_000, wall: 50_000, server: 130_000 }, -45_000],
  ["the wall was set back", { elapsed: 4_000, wall: 20_000, server: 73_000 }, 12_000],
  ["the server has not answered again", { elapsed: 4_000, wall: 53_000, server: undefined }, 12_000],
])("what is left of the Lease when %s", (_, now, left) => {
  expect(leftOf(term, now)).toBe(left);
});

test("a server's time that was not known when the Lease was asked for says nothing", () => {
  expect(leftOf({ ...term, askedAt: { ...term.askedAt, server: undefined } }, { elapsed: 4_000, wall: 53_000, server: 999_999 })).toBe(12_000);
});
