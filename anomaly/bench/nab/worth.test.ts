import fc from "fast-check";
import { expect, it } from "vitest";
import { OUTSIDE, PROBATION, probationOf, scaledSigmoid, worthOf } from "./worth.ts";

it("knows the sigmoid's values that the benchmark's paper names", () => {
  expect(scaledSigmoid(-1)).toBeCloseTo(0.98661, 5);
  expect(scaledSigmoid(-0.5)).toBeCloseTo(0.84828, 5);
  expect(scaledSigmoid(0)).toBe(0);
  expect(scaledSigmoid(1)).toBeCloseTo(-0.98661, 5);
  expect(scaledSigmoid(3.1)).toBe(-1);
});

it("lets a detector learn for 15 % of a series, and of 5,000 rows at most", () => {
  expect(probationOf(4032)).toBe(604);
  expect(probationOf(20_000)).toBe(750);
  const { window } = worthOf(100, [{ first: 10, last: 20 }]);
  expect([...window.subarray(13, 17)]).toEqual([PROBATION, PROBATION, 0, 0]);
});

it("pays 1 at the first row of a window and ever less behind it, then punishes ever more", () => {
  const { worth, window } = worthOf(100, [{ first: 40, last: 49 }]);
  expect(worth[39]).toBe(-1);
  expect(worth[40]).toBe(1);
  expect(worth[49]).toBeCloseTo(scaledSigmoid(-0.1) / scaledSigmoid(-1), 12);
  expect(worth[50]).toBeCloseTo(scaledSigmoid(1 / 9), 12);
  expect(worth[99]).toBe(-1);
  expect([window[39], window[40], window[49], window[50]]).toEqual([OUTSIDE, 0, 0, OUTSIDE]);
});

it("falls from the left edge of a window to the left edge of the next, whatever the windows", () => {
  const gaps = fc.array(fc.record({ gap: fc.integer({ min: 1, max: 20 }), width: fc.integer({ min: 2, max: 30 }) }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(gaps, (parts) => {
      let row = 0;
      const windows = parts.map(({ gap, width }) => {
        const first = row + gap;
        row = first + width;
        return { first, last: row - 1 };
      });
      const { worth } = worthOf(row + 10, windows);
      windows.forEach(({ first, last }, index) => {
        const end = windows[index + 1]?.first ?? row + 10;
        for (let at = first + 1; at < end; at++) expect(worth[at]).toBeLessThanOrEqual(worth[at - 1] as number);
        expect(worth[last]).toBeGreaterThan(0);
      });
    }),
  );
});
