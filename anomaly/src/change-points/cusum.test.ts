import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom } from "../random.ts";
import { median } from "../robust-score.ts";
import { changePoints } from "./change-points.ts";
import { CHANGES, createCusum } from "./cusum.ts";

const noise = (seed: number, count: number): Float64Array => {
  const random = createRandom(seed);
  return Float64Array.from({ length: count }, () => random.normal());
};
const changed = (seed: number, at: number, count: number, change: (value: number) => number): Float64Array =>
  noise(seed, count).map((value, index) => (index < at ? value : change(value)));
const seeds = fc.integer({ min: 0, max: 1e6 });

describe("a change point", () => {
  it.each([
    ["up", (value: number) => value + 3],
    ["down", (value: number) => value - 3],
    ["wider", (value: number) => value * 4],
    ["narrower", (value: number) => value / 20],
  ] as const)("goes %s, and its onset is where the change began", (kind, change) => {
    const runs = Array.from({ length: 200 }, (_, seed) => changePoints(changed(seed, 300, 360, change)).find(({ detected }) => detected >= 300));
    // Three or four samples cannot always tell a wide spread from a far level.
    expect(runs.filter((found) => found?.kind === kind).length).toBeGreaterThan(140);
    const errors = Float64Array.from(runs, (found) => Math.abs((found?.onset ?? 0) - 300));
    expect(median(errors)).toBeLessThanOrEqual(2);
    expect(median(Float64Array.from(runs, (found) => found?.detected ?? 0))).toBeLessThan(312);
  });
  it("is told for the next change as well, once the new level has been learned", () => {
    const steps = noise(3, 900).map((value, index) => value + (index < 300 ? 0 : index < 600 ? 5 : -5));
    expect(changePoints(steps).map(({ kind }) => kind)).toEqual(["up", "down"]);
  });
  it("is not one wild sample", () => {
    const wild = noise(5, 400);
    wild[300] = 1e9;
    expect(changePoints(wild)).toEqual([]);
  });
  it("of a constant is two samples of another value", () => {
    const flat = new Float64Array(200).fill(5);
    expect(changePoints(flat)).toEqual([]);
    flat.fill(4, 150);
    expect(changePoints(flat)).toMatchObject([{ kind: "down", onset: 150 }]);
  });
  it("is none in one sample, in none, and in nothing but gaps", () => {
    expect([changePoints(Float64Array.of(1)), changePoints(new Float64Array(0)), changePoints(new Float64Array(500).fill(Number.NaN))]).toEqual([[], [], []]);
  });
  it("is found across missing samples", () => {
    const gaps = changed(11, 300, 400, (value) => value + 3).map((value, index) => (index % 3 === 0 ? Number.NaN : value));
    const [first] = changePoints(gaps);
    expect(first?.kind).toBe("up");
    expect(Math.abs((first?.onset ?? 0) - 300)).toBeLessThanOrEqual(6);
  });
  it("does not depend on unit and zero of the samples", () => {
    // Powers of two and whole offsets leave the arithmetic exact, so that not even the last digit may differ.
    fc.assert(
      fc.property(seeds, fc.integer({ min: -10, max: 10 }), (seed, exponent) => {
        const values = changed(seed, 150, 300, (value) => 2 * value + 2);
        expect(changePoints(values.map((value) => value * 2 ** exponent))).toEqual(changePoints(values));
        expect(changePoints(values.map((value) => Math.round(value * 1e6) + 4e6))).toEqual(changePoints(values.map((value) => Math.round(value * 1e6))));
      }),
    );
  });
  it("of a mirrored series has the mirrored kind", () => {
    const mirror = { up: "down", down: "up", wider: "wider", narrower: "narrower" } as const;
    fc.assert(
      fc.property(seeds, (seed) => {
        const values = changed(seed, 150, 300, (value) => value * 1.5 + 2);
        const mirrored = changePoints(values.map((value) => -value));
        expect(mirrored).toEqual(changePoints(values).map((point) => ({ ...point, kind: mirror[point.kind] })));
      }),
    );
  });
  it("once told never changes, whatever comes later", () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 0, max: 600 }), (seed, cut) => {
        const values = changed(seed, 200, 600, (value) => value + 2);
        const told = changePoints(values).filter(({ detected }) => detected < cut);
        expect(changePoints(values.slice(0, cut))).toEqual(told);
      }),
    );
  });
});

describe("a bank of series", () => {
  const pushAll = (bank: ReturnType<typeof createCusum>, values: Float64Array, from: number): void => {
    for (const [index, value] of values.entries()) bank.push(0, value, from + index);
  };
  const feed = (bank: ReturnType<typeof createCusum>, values: Float64Array, from: number, to: number): number[] => {
    const told: number[] = [];
    for (let at = from; at < to; at++) for (let slot = 0; slot < 2; slot++) told.push(bank.push(slot, (values[at] as number) * (slot + 1), at));
    return told;
  };
  it("goes on from a snapshot as if nothing had happened", () => {
    const values = changed(1, 200, 500, (value) => value + 3);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 }), (cut) => {
        const whole = createCusum(2);
        feed(whole, values, 0, cut);
        const later = createCusum(2);
        later.restore(whole.snapshot());
        expect(feed(later, values, cut, 500)).toEqual(feed(whole, values, cut, 500));
        expect(later.snapshot()).toEqual(whole.snapshot());
      }),
      { numRuns: 20 },
    );
  });
  it("refuses a snapshot of other parameters or slots, and stays as it was", () => {
    const bank = createCusum(2);
    feed(bank, noise(1, 100), 0, 100);
    const before = bank.snapshot();
    expect(() => bank.restore(createCusum(2, { clip: 3 }).snapshot())).toThrow("other parameters");
    expect(() => bank.restore(createCusum(3).snapshot())).toThrow("has 3 values, 2 were expected");
    expect(() => bank.restore(before.slice(0, 40))).toThrow("damaged");
    expect(bank.snapshot()).toEqual(before);
  });
  it("takes a counter as a rate, and its reset as a sample that is missing", () => {
    const bank = createCusum(1, { kind: "counter" });
    const random = createRandom(2);
    const told: number[] = [];
    let count = 0;
    for (let at = 0; at < 600; at++) {
      count = at === 300 ? 0 : count + 10 + random.normal() + (at >= 450 ? 5 : 0);
      told.push(bank.push(0, count, at));
    }
    expect(told.slice(0, 450).every((kind) => kind === 0)).toBe(true);
    expect(CHANGES[told.find((kind) => kind !== 0) ?? 0]).toBe("up");
    expect(Math.abs(bank.onset(0) - 450)).toBeLessThanOrEqual(4);
  });
  it("forgets what it had summed before a long pause and when the clock goes back", () => {
    const quick = { warmSamples: 8, longestGap: 10 };
    for (const jump of [1_000, -1_000]) {
      const bank = createCusum(1, quick);
      pushAll(bank, noise(4, 8), 0);
      const told: number[] = [];
      // One more would be a change, were it not for the jump between them.
      for (let turn = 0; turn < 20; turn++) told.push(bank.push(0, 3, 10 + turn * jump));
      expect(told.every((kind) => kind === 0)).toBe(true);
    }
  });
  it("says what it has learned, and nothing before", () => {
    const bank = createCusum(1);
    const values = noise(9, 2_000).map((value) => 100 + 10 * value);
    pushAll(bank, values.slice(0, 63), 0);
    expect([bank.isWarm(0), bank.level(0), bank.scale(0)]).toEqual([false, Number.NaN, Number.NaN]);
    pushAll(bank, values.slice(63), 63);
    expect(bank.isWarm(0)).toBe(true);
    expect(Math.abs(bank.level(0) - 100)).toBeLessThan(1.5);
    expect(Math.abs(bank.scale(0) - 10)).toBeLessThan(1.5);
  });
  it.each([
    [{ shift: 0 }, "shift is 0"],
    [{ warmSamples: 2 }, "warmSamples is 2"],
    [{ memorySamples: 10 }, "memorySamples is 10"],
    [{ clip: 0.1 }, "clip is 0.1"],
    [{ longestGap: -1 }, "longestGap is -1"],
    [{ samplesPerFalseAlarm: 0 }, "samplesPerFalseAlarm is 0"],
  ])("refuses %j", (params, message) => expect(() => createCusum(1, params)).toThrow(message));
  it("learns numbers from whatever it takes, and refuses what has no square", () => {
    const bank = createCusum(1, { warmSamples: 8 });
    const values = [0, 1, -1, 1e139, -1e139, 1e-320];
    for (let at = 0; at < 300; at++) {
      bank.push(0, values[(at * at + (at >> 3)) % values.length] as number, at);
      if (bank.isWarm(0)) expect([bank.level(0), bank.scale(0)].every(Number.isFinite)).toBe(true);
    }
    expect(() => bank.push(0, 1e300, 300)).toThrow("a number within 1e140 of 0 is right");
  });
  it("refuses no slots, a slot that is not there, an infinite sample and no time", () => {
    expect(() => createCusum(0)).toThrow("0 slots");
    const bank = createCusum(1);
    expect(() => bank.push(1, 0, 0)).toThrow("slot 1 is not among the 1");
    expect(() => bank.push(0, Number.POSITIVE_INFINITY, 0)).toThrow("the sample is Infinity");
    expect(() => bank.push(0, 0, Number.NaN)).toThrow("the time of a sample is NaN");
    expect(() => changePoints(Float64Array.of(1, Number.NEGATIVE_INFINITY))).toThrow("sample 1 is -Infinity");
  });
});
