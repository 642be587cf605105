import { expect, it } from "vitest";
import { sealing } from "./seals.ts";

it("a question is answered once, however many others are answered", () => {
  const { spend } = sealing();
  expect([spend("first"), spend("second"), spend("first"), spend("second")]).toEqual([true, true, false, false]);
});

it("what was answered is remembered for as long as its seal holds", () => {
  let now = 0;
  const { spend } = sealing({ now: () => now });
  for (let i = 0; i < 10_000; i++) spend(`question ${i}`);
  expect(spend("one more")).toBe(false);
  now = 600_001;
  expect(spend("one more")).toBe(true);
});
