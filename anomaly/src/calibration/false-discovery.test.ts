import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { createRandom } from "../random.ts";
import { discoveryThreshold } from "./false-discovery.ts";

interface Tick {
  readonly p: number[];
  readonly rate: number;
  readonly positive: boolean[];
  readonly any: boolean[];
}

const { ticks } = JSON.parse(readFileSync(new URL("fixtures/discoveries.json", import.meta.url), "utf8")) as { ticks: Tick[] };

it.each(ticks)("the same p-values as statsmodels finds are discoveries at a rate of $rate", ({ p, rate, positive, any }) => {
  const found = (threshold: number): boolean[] => p.map((each) => each <= threshold);
  expect(found(discoveryThreshold(Float64Array.from(p), rate))).toEqual(positive);
  expect(found(discoveryThreshold(Float64Array.from(p), rate, "any"))).toEqual(any);
});

it("where all is well, as many ticks have a discovery as the rate says", () => {
  const random = createRandom(4);
  const p = new Float64Array(1000);
  let ticksWith = 0;
  for (let tick = 0; tick < 2000; tick++) {
    for (let series = 0; series < p.length; series++) p[series] = random.next();
    if (discoveryThreshold(p, 0.1) > 0) ticksWith++;
  }
  expect(ticksWith / 2000).toBeGreaterThan(0.08);
  expect(ticksWith / 2000).toBeLessThan(0.12);
});

it("nothing, NaN alone and no series at all hold no discovery", () => {
  expect(discoveryThreshold(new Float64Array(0), 0.1)).toBe(0);
  expect(discoveryThreshold(Float64Array.of(Number.NaN, 1), 0.1)).toBe(0);
});

it("refuses a rate that is none", () => expect(() => discoveryThreshold(Float64Array.of(0.1), 1)).toThrow("between 0 and 1"));
