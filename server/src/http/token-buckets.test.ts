import { expect, it } from "vitest";
import { TokenBuckets } from "./token-buckets.ts";

it("gives a burst, then as many as come back", () => {
  const buckets = new TokenBuckets({ burst: 3, perSecond: 0.5 });
  expect([0, 0, 0, 0].map((at) => buckets.take("ada", at).allowed)).toEqual([true, true, true, false]);
  expect(buckets.take("ada", 1_000)).toEqual({ allowed: false, left: 0, waitSeconds: 1 });
  expect(buckets.take("ada", 2_000).allowed).toBe(true);
  expect(buckets.take("ada", 3_600_000).left).toBe(2);
});

it("gives each their own, and looking takes nothing", () => {
  const buckets = new TokenBuckets({ burst: 1, perSecond: 1 });
  expect(buckets.look("ada", 0)).toEqual(buckets.look("ada", 0));
  expect(buckets.take("ada", 0).allowed).toBe(true);
  expect(buckets.look("ada", 0).allowed).toBe(false);
  expect(buckets.take("bob", 0).allowed).toBe(true);
});

it("remembers ten thousand, the latest", () => {
  const buckets = new TokenBuckets({ burst: 1, perSecond: 0.001 });
  for (let i = 0; i <= 10_000; i++) buckets.take(`caller ${i}`, 0);
  expect(buckets.look("caller 1", 0).allowed).toBe(false);
  expect(buckets.look("caller 0", 0).allowed).toBe(true);
});
