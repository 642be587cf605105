import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createRandom } from "../random.ts";
import { Spot } from "./spot.ts";

interface Stream {
  readonly name: string;
  readonly values: number[];
  readonly first: number;
  readonly risk: number;
  readonly thresholds: number[];
  readonly anomalies: number[];
}

const { streams } = JSON.parse(readFileSync(new URL("fixtures/spot.json", import.meta.url), "utf8")) as { streams: Stream[] };

const normals = (count: number, seed = 3): Float64Array => {
  const random = createRandom(seed);
  return Float64Array.from({ length: count }, () => random.normal());
};

// Their fit of the first peaks is less likely than scipy's and ours: pareto-fit.test.ts has the exact comparison.
describe.each(streams)("beside the authors' own library on $name values", ({ values, first, risk, thresholds, anomalies }) => {
  const spot = new Spot({ risk, discard: true }).fit(Float64Array.from(values.slice(0, first)));
  const own = [spot.threshold];
  const found: number[] = [];
  values.slice(first).forEach((value, index) => {
    if (spot.push(value) === "anomaly") found.push(index);
    if (index % 500 === 499) own.push(spot.threshold);
  });
  it("the threshold is within 8 % all the way", () => {
    own.forEach((threshold, index) => {
      expect(Math.abs(threshold / (thresholds[index] as number) - 1)).toBeLessThan(0.08);
    });
  });
  it("the same anomalies are found, but for those within 8 % of the threshold", () => {
    const near = (index: number): boolean => thresholds.some((threshold) => Math.abs((values[first + index] as number) / threshold - 1) < 0.08);
    expect(found.filter((index) => !anomalies.includes(index) && !near(index))).toEqual([]);
    expect(anomalies.filter((index) => !found.includes(index) && !near(index))).toEqual([]);
    expect(found).toContain(2200 - first);
  });
});

it("normal values exceed the threshold about as often as the risk says", () => {
  const spot = new Spot({ risk: 1e-3 }).fit(normals(2000));
  const alarms = normals(100_000, 8).filter((value) => spot.push(value) === "anomaly").length;
  expect(alarms).toBeGreaterThan(50);
  expect(alarms).toBeLessThan(200);
});

it("leaving anomalies out of the tail makes it shorter with each one: far more alarms than asked", () => {
  const spot = new Spot({ risk: 1e-3, discard: true }).fit(normals(2000));
  expect(normals(100_000, 8).filter((value) => spot.push(value) === "anomaly").length).toBeGreaterThan(300);
});

it("DSPOT sees a spike after the series has sunk, SPOT waits for it at the old height", () => {
  const sinking = normals(5000).map((value, index) => value - index * 0.01 + (index === 4990 ? 12 : 0));
  const told = (depth: number): string[] => {
    const spot = new Spot({ depth }).fit(sinking.subarray(0, 1000));
    return [...sinking.subarray(1000)].map((value) => spot.push(value));
  };
  expect(told(0)[3990]).toBe("normal");
  expect(told(50)[3990]).toBe("anomaly");
  expect(told(50).filter((verdict) => verdict === "anomaly").length).toBeLessThan(5);
});

it("the p-value at the threshold is the risk", () => {
  const spot = new Spot({ risk: 1e-4 }).fit(normals(3000));
  expect(Math.abs(spot.pValue(spot.threshold) / 1e-4 - 1)).toBeLessThan(1e-6);
  expect(spot.pValue(-5)).toBe(1);
});

it("scores of a prefix never change, and a snapshot in the middle changes nothing", () => {
  const values = normals(3000);
  const whole = new Spot({ depth: 20 }).fit(values.subarray(0, 1000));
  let parted = new Spot({ depth: 20 }).fit(values.subarray(0, 1000));
  values.subarray(1000).forEach((value, index) => {
    if (index === 700) parted = Spot.restore(parted.snapshot());
    expect(parted.pValue(value)).toBe(whole.pValue(value));
    expect(parted.push(value)).toBe(whole.push(value));
  });
});

describe("refuses", () => {
  const fitted = new Spot().fit(normals(1000));
  it.each([
    ["a value that is not finite", () => fitted.push(Number.NaN), "the value is NaN"],
    ["a push before anything was fitted", () => new Spot().push(1), "nothing was fitted yet"],
    ["to fit what is not finite", () => new Spot().fit(Float64Array.of(1, Number.POSITIVE_INFINITY)), "value 1 to fit is Infinity"],
    ["too few values", () => new Spot().fit(normals(50)), "give more of them, or a lower level"],
    ["constant values, which have no peaks", () => new Spot().fit(new Float64Array(1000)), "only 0 of 1000 values"],
    ["a risk that the level does not leave", () => new Spot({ risk: 0.5 }), "give a probability above 0 and below"],
    ["a level of 1", () => new Spot({ level: 1 }), "between 0 and 1"],
    ["bytes of something else", () => Spot.restore(new Uint8Array(64)), "not a snapshot"],
  ])("%s", (_, act, message) => expect(act).toThrow(message));
});

it("a fit that failed leaves what was fitted before, and nothing where nothing was", () => {
  const fitted = new Spot().fit(normals(1000));
  const before = fitted.snapshot();
  expect(() => fitted.fit(normals(100))).toThrow("give more of them");
  expect(fitted.snapshot()).toEqual(before);
  const bare = new Spot();
  expect(() => bare.fit(normals(100))).toThrow("give more of them");
  expect(() => bare.push(0)).toThrow("nothing was fitted yet");
});
