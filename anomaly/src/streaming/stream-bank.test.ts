import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom } from "../random.ts";
import { readSnapshot, writeSnapshot } from "../snapshot.ts";
import { ORDER } from "./auto-regression.ts";
import { ACCEPTED, AUTO_REGRESSION, BYTES_PER_SERIES, MEMBERS, NARROW, USED } from "./layout.ts";
import { StreamBank } from "./stream-bank.ts";

const MINUTE = 60_000;
const START = Date.UTC(2026, 0, 5);

/** All that a bank says to values one minute apart: p-value, votes, p-values of members. */
function said(bank: StreamBank, slot: number, values: ArrayLike<number>, from = START): number[][] {
  return Array.from(values, (value, index) => {
    const p = bank.push(slot, value, from + index * MINUTE);
    return [p, bank.votes, ...bank.memberP];
  });
}

/** What a series of one bank says. */
function alone(values: ArrayLike<number>): number[][] {
  const bank = new StreamBank();
  return said(bank, bank.open(), values);
}

/** A noisy series with a wave, a spike and a shift. */
function series(seed: number, length = 700): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length }, (_, index) => 100 + 8 * Math.sin(index / 30) + random.normal() + (index === 500 ? 40 : 0) + (index > 600 ? 10 : 0));
}

it("the state of one series fits into 2,048 bytes", () => {
  expect(USED).toBeLessThanOrEqual(NARROW);
  expect(BYTES_PER_SERIES).toBe(2048);
});

describe("a series", () => {
  it("is silent until it is warm, and then speaks", () => {
    const bank = new StreamBank();
    const slot = bank.open();
    const p = said(bank, slot, series(1, 400)).map(([own]) => own as number);
    expect(p.slice(0, 256).every((own) => own === 1)).toBe(true);
    expect(p.slice(256).filter((own) => own < 1).length).toBeGreaterThan(140);
    expect([bank.warmth(slot), bank.warmth(bank.open())]).toEqual([1, 0]);
  });
  it("that spikes is told by its spike, its season and its innovation", () => {
    const answers = alone(series(2));
    expect(answers[500]?.[0]).toBeLessThan(1e-4);
    const votes = answers[500]?.[1] ?? 0;
    expect(MEMBERS.filter((_, bit) => votes & (1 << bit))).toEqual(expect.arrayContaining(["spike", "auto-regression"]));
  });
  it("that grows wild, or shifts by little for long, is told by members that no single sample concerns", () => {
    const random = createRandom(5);
    const wild = Float64Array.from({ length: 2100 }, (_, index) => (index >= 2000 ? 2.5 : 1) * random.normal());
    const shifted = Float64Array.from({ length: 2100 }, (_, index) => (index >= 2000 ? 1.3 : 0) + random.normal());
    const votersOf = (values: Float64Array): string[] => {
      const votes = alone(values)
        .slice(2000)
        .reduce((all, [, own = 0, ...p]) => all | (Math.min(...p) < 1e-3 ? own : 0), 0);
      return MEMBERS.filter((_, bit) => votes & (1 << bit));
    };
    expect(votersOf(wild)).toContain("variance-shift");
    expect(votersOf(shifted)).toEqual(expect.arrayContaining(["mean-shift", "cusum"]));
  });
  it("with a daily wave tells the hour that lacks it", () => {
    const random = createRandom(9);
    const day = 1440;
    const wave = (index: number): number => 50 * Math.sin((2 * Math.PI * index) / day) + random.normal();
    // On the last day the night's value comes at noon: no value that was not seen before.
    const values = Float64Array.from({ length: 10 * day }, (_, index) => wave(index >= 9 * day + 360 && index < 9 * day + 420 ? index + 720 : index));
    const bank = new StreamBank();
    const slot = bank.open();
    const p = said(bank, slot, values).map(([own]) => own as number);
    expect(Math.min(...p.slice(9 * day + 360, 9 * day + 420))).toBeLessThan(1e-4);
    expect(p.slice(8 * day, 9 * day).filter((own) => own < 1e-4).length).toBeLessThan(3);
    expect(Math.abs((bank.answer[2] as number) - (bank.answer[1] as number))).toBeLessThan(8);
  });
});

describe("what must never matter", () => {
  it("what comes later: scores of a prefix never change", () => {
    const whole = alone(series(3));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 699 }), (length) => {
        expect(alone(series(3).subarray(0, length))).toEqual(whole.slice(0, length));
      }),
      { numRuns: 20 },
    );
  });
  it("the unit: a series times a power of two has the same scores to the last bit", () => {
    const whole = alone(series(4));
    fc.assert(
      fc.property(fc.integer({ min: -30, max: 30 }), (power) => {
        expect(alone(series(4).map((value) => value * 2 ** power))).toEqual(whole);
      }),
      { numRuns: 15 },
    );
  });
  it("the zero: a shifted series has nearly the same p-values", () => {
    const whole = alone(series(4));
    fc.assert(
      fc.property(fc.integer({ min: -1_000_000, max: 1_000_000 }), (shift) => {
        const shifted = alone(series(4).map((value) => value + shift));
        for (const [index, [p = 1]] of shifted.entries()) expect(Math.abs(Math.log(p / (whole[index]?.[0] ?? 1)))).toBeLessThan(0.05);
      }),
      { numRuns: 15 },
    );
  });
  it("the year: the same series begun at the first moment of 1970, or years before, has the same p-values", () => {
    const bank = new StreamBank();
    const week = 7 * 86_400_000;
    const from = START - Math.floor(START / week) * week;
    const whole = alone(series(4));
    for (const start of [from, from - 500 * week]) {
      const slot = bank.open();
      for (const [index, [p = 1]] of said(bank, slot, series(4), start).entries()) expect(Math.abs(Math.log(p / (whole[index]?.[0] ?? 1)))).toBeLessThan(0.01);
    }
    expect(said(bank, bank.open(), series(4), 0).some(([p = 1]) => p < 1e-3)).toBe(true);
  });
  it("the sign: a mirrored series has the same p-values", () => {
    expect(alone(series(4).map((value) => -value))).toEqual(alone(series(4)));
  });
  it("other series, pushed in between in any order", () => {
    const bank = new StreamBank();
    const slots = [bank.open(), bank.open(), bank.open()];
    const random = createRandom(6);
    const answers: number[][][] = [[], [], []];
    const next = [0, 0, 0];
    while (next.some((at) => at < 500)) {
      const which = random.below(3);
      const at = next[which] as number;
      if (at === 500) continue;
      next[which] = at + 1;
      answers[which]?.push(...said(bank, slots[which] as number, [series(which)[at] as number], START + at * MINUTE));
    }
    answers.forEach((own, which) => {
      expect(own).toEqual(alone(series(which, 500)));
    });
  });
  it("growing, closing others and a snapshot in the middle", () => {
    const expected = alone(series(7));
    let bank = new StreamBank();
    const early = bank.open();
    const slot = bank.open();
    const before = said(bank, slot, series(7).subarray(0, 350));
    said(bank, early, series(8));
    bank.close(early);
    for (let more = 0; more < 3000; more++) bank.open();
    bank = StreamBank.restore(bank.snapshot());
    expect([...before, ...said(bank, slot, series(7).subarray(350), START + 350 * MINUTE)]).toEqual(expected);
    expect(bank.bytes).toBe(3 * 1024 * BYTES_PER_SERIES);
  });
  it("who had the slot before", () => {
    const bank = new StreamBank();
    const first = bank.open("counter");
    said(bank, first, series(1));
    bank.close(first);
    expect(bank.open()).toBe(first);
    expect(said(bank, first, series(2))).toEqual(alone(series(2)));
  });
  it("whether samples come one by one or a tick at a time", () => {
    const bank = new StreamBank();
    const slots = Int32Array.of(bank.open(), bank.open());
    const p = new Float64Array(2);
    const votes = new Uint8Array(2);
    const expected = [alone(series(1)), alone(series(2))];
    for (let index = 0; index < 700; index++) {
      bank.pushTick(slots, Float64Array.of(series(1)[index] as number, series(2)[index] as number), START + index * MINUTE, p, votes);
      expect([p[0], votes[0], p[1], votes[1]]).toEqual([
        expected[0]?.[index]?.[0],
        expected[0]?.[index]?.[1],
        expected[1]?.[index]?.[0],
        expected[1]?.[index]?.[1],
      ]);
    }
  });
});

describe("the say of members", () => {
  it("changes the answer: with all the say, one member's p-value decides", () => {
    const bank = new StreamBank();
    const slot = bank.open();
    bank.setMemberWeights(slot, [0, 0, 0, 0, 0, 1]);
    expect([...bank.memberWeights(slot)]).toEqual([0, 0, 0, 0, 0, 1]);
    const answers = said(bank, slot, series(2));
    expect(answers[500]?.[0]).toBeLessThan(0.01);
    expect(answers).not.toEqual(alone(series(2)));
  });
  it.each([[[1, 1]], [[0, 0, 0, 0, 0, 0]], [[1, 1, 1, 1, 1, Number.NaN]], [[-1, 1, 1, 1, 1, 1]]])("%j is refused", (weights) => {
    const bank = new StreamBank();
    expect(() => bank.setMemberWeights(bank.open(), weights)).toThrow("give 6 numbers from 0");
  });
});

describe("refuses", () => {
  const bank = new StreamBank();
  const open = bank.open();
  const closed = bank.open();
  bank.close(closed);
  it.each([
    ["a slot that is closed", () => bank.push(closed, 1, 1), "is not open"],
    ["to close it again", () => bank.close(closed), "is not open"],
    ["a slot that never was", () => bank.push(77, 1, 1), "there is no slot 77"],
    ["a negative slot", () => bank.warmth(-1), "there is no slot -1"],
    ["a time that is none", () => bank.push(open, 1, Number.NaN), "the time of a sample for slot 0 is NaN"],
    [
      "a tick of unequal lengths",
      () => bank.pushTick(Int32Array.of(open, open), new Float64Array(2), 1, new Float64Array(1)),
      "a tick of 2 slots has room for 1",
    ],
    ["warm before it has learned", () => new StreamBank({ warmSamples: 10 }), "warmSamples is 10"],
    ["a parameter that is none", () => new StreamBank({ levelMs: Number.NaN }), "levelMs is NaN"],
    ["a fast mean that is slow", () => new StreamBank({ fastSamples: 300 }), "fastSamples is 300"],
    ["bytes of something else", () => StreamBank.restore(new Uint8Array(100)), "not a snapshot"],
  ])("%s", (_, act, message) => expect(act).toThrow(message));
});

it("goes on learning after more samples than it can count", () => {
  const random = createRandom(31);
  const bank = new StreamBank();
  const slot = bank.open();
  for (let sample = 0; sample < 600; sample++) bank.push(slot, random.normal(), START + sample * MINUTE);
  const { aged, coefficients } = agedBank(bank.snapshot());
  const before = coefficients(aged.snapshot());
  let value = 0;
  for (let sample = 600; sample < 2600; sample++) {
    value = 0.9 * value + random.normal();
    aged.push(slot, value, START + sample * MINUTE);
  }
  expect(before[0]).toBeLessThan(0.3);
  expect(coefficients(aged.snapshot())[0]).toBeGreaterThan(0.7);
  expect(aged.counts(slot).accepted).toBeGreaterThan(2 ** 24 - 10);
});

/** The only series of a bank as if it had seen all that can be counted, and how to read its autoregression. */
function agedBank(bytes: Uint8Array): { readonly aged: StreamBank; readonly coefficients: (bytes: Uint8Array) => Float32Array } {
  const parts = (of: Uint8Array) => {
    const reader = readSnapshot(of, "stream bank", 1);
    const params = reader.float64();
    const [counts, free] = [new Uint32Array(2), new Uint32Array(0)];
    reader.into(counts);
    reader.into(free);
    const page = reader.float64();
    return { params, counts, free, page, narrow: new Float32Array(page.buffer) };
  };
  const { params, counts, free, page, narrow } = parts(bytes);
  narrow[ACCEPTED] = 2 ** 24 - 1;
  return {
    aged: StreamBank.restore(writeSnapshot("stream bank", 1, [params, counts, free, page])),
    coefficients: (of) => parts(of).narrow.slice(AUTO_REGRESSION + 2 * ORDER + 1, AUTO_REGRESSION + 3 * ORDER + 1),
  };
}
