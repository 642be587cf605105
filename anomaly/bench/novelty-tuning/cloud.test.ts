import { expect, it } from "vitest";
import { nabSeries } from "./cloud.ts";

const series = (length: number, stretches: readonly { first: number; last: number }[]) => ({
  name: "hours",
  values: new Float64Array(length),
  times: new Float64Array(length),
  stretches,
});

it("begins a window a sample before the stretch and makes the windows a tenth of the series, longer where the stretch is", () => {
  expect(
    nabSeries(
      series(1000, [
        { first: 300, last: 302 },
        { first: 600, last: 699 },
      ]),
    ).windows,
  ).toEqual([
    { first: 299, last: 350 },
    { first: 599, last: 699 },
  ]);
});

it("makes one window of two that would touch, and leaves out what begins in the probation", () => {
  expect(
    nabSeries(
      series(1000, [
        { first: 100, last: 101 },
        { first: 400, last: 402 },
        { first: 420, last: 421 },
      ]),
    ).windows,
  ).toEqual([{ first: 399, last: 453 }]);
});
