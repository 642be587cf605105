import { describe, expect, it } from "vitest";
import { createRandom } from "../random.ts";
import { CUSUM_FIELDS, learnCusum } from "./cusum.ts";
import { forgetFast, learnTwo, meanShift, TWO_TIMESCALE_FIELDS, varianceShift } from "./two-timescale.ts";

const FAST = 1 / 8;
const SLOW = 1 / 256;

describe("two time scales", () => {
  const random = createRandom(5);
  it("their difference on independent samples has the standard deviation that it is measured in", () => {
    const state = new Float32Array(TWO_TIMESCALE_FIELDS);
    let sum = 0;
    for (let push = 0; push < 50_000; push++) {
      learnTwo(state, 0, 3 * random.normal(), FAST, SLOW);
      if (push >= 2000) sum += meanShift(state, 0, 3, FAST, SLOW) ** 2;
    }
    expect(Math.abs(sum / 48_000 - 1)).toBeLessThan(0.1);
  });
  it("a shift of two spreads is far out after eight samples", () => {
    const state = new Float32Array(TWO_TIMESCALE_FIELDS);
    for (let push = 0; push < 3000; push++) learnTwo(state, 0, random.normal(), FAST, SLOW);
    for (let push = 0; push < 8; push++) learnTwo(state, 0, 2 + random.normal(), FAST, SLOW);
    expect(meanShift(state, 0, 1, FAST, SLOW)).toBeGreaterThan(3.5);
    forgetFast(state, 0);
    expect(meanShift(state, 0, 1, FAST, SLOW)).toBe(0);
  });
  it.each([
    ["three times as wild", 3],
    ["a tenth as wild", 0.1],
    ["flat", 0],
  ])("a series that becomes %s is seen by its variance", (_, factor) => {
    const state = new Float32Array(TWO_TIMESCALE_FIELDS);
    for (let push = 0; push < 3000; push++) learnTwo(state, 0, Math.abs(random.normal()), FAST, SLOW);
    expect(varianceShift(state, 0, FAST)).toBeLessThan(3);
    let most = 0;
    for (let push = 0; push < 30; push++) {
      learnTwo(state, 0, factor * Math.abs(random.normal()), FAST, SLOW);
      most = Math.max(most, varianceShift(state, 0, FAST));
    }
    expect(most).toBeGreaterThan(4);
  });
  it("no spread is no shift", () => expect([meanShift(new Float32Array(2), 0, 0, FAST, SLOW), varianceShift(new Float32Array(2), 0, FAST)]).toEqual([0, 0]));
});

describe("the cumulative sum", () => {
  it("is Page's recursion: max(0, S + x - k) upwards, max(0, S - x - k) downwards", () => {
    const state = new Float32Array(CUSUM_FIELDS);
    const sums = [1, 0.5, -2, -2, 3].map((residual) => learnCusum(state, 0, residual, 0.25));
    expect(sums).toEqual([0.75, 1, 1.75, 3.5, 2.75]);
    expect([...state]).toEqual([2.75, 0.25]);
  });
  it("counts a spike for four spreads, and comes back from a long shift", () => {
    const state = new Float32Array(CUSUM_FIELDS);
    expect(learnCusum(state, 0, 1e9, 0.25)).toBe(3.75);
    for (let push = 0; push < 1000; push++) learnCusum(state, 0, 3, 0.25);
    let pushes = 0;
    while (learnCusum(state, 0, 0, 0.25) > 0) pushes++;
    expect(pushes).toBeLessThan(257);
  });
});
