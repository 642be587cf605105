import { describe, expect, it } from "vitest";
import { naive, seasonalNaive } from "./naive.ts";
import { accuracyOf, splitOf } from "./rolling.ts";
import type { NamedSeries } from "./series.ts";

const saw: NamedSeries = { name: "saw", values: Float64Array.from({ length: 400 }, (_, time) => time % 4), day: 4 };

describe("forecasts from rolling origins", () => {
  it("are made in the second half, each with room for the longest horizon", () => {
    const { known, later, origins } = splitOf(saw);
    expect([known.length, later.length, origins[0], origins.at(-1), origins.length]).toEqual([200, 200, 0, 152, 20]);
  });

  it("are without error where the season is all there is", () => {
    const { scaledError, coverage } = accuracyOf(seasonalNaive, saw);
    expect([scaledError, coverage]).toEqual(
      [
        [0, 0, 0],
        [1, 1, 1],
      ].map((row) => row.map((value) => expect.closeTo(value, 9))),
    );
  });

  it("of the last value err as the saw does, in units of its steps", () => {
    const { scale } = splitOf(saw);
    expect(scale).toBeCloseTo(1.5, 1);
    const [first = 0, , far = 0] = accuracyOf(naive, saw).scaledError;
    expect(first).toBeGreaterThan(0.6);
    expect(far).toBeLessThan(1.2);
  });
});
