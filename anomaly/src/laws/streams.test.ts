/** What holds for every method of the library that takes samples one by one. */
import { crc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HoltWinters, InputError } from "../index.ts";
import { expectNear } from "./testing/expect-near.ts";
import { elapsed, timed, value } from "./testing/garbage.ts";
import { SUBJECTS } from "./testing/streams.ts";
import { gauge, ordinary, pValues, type Running, type Sample, START, STEP, type Told } from "./testing/subject.ts";

const MANY = 300;

const told = (running: Running, samples: readonly Sample[]): Told[] => samples.flatMap((sample) => answerTo(running, sample));

function answerTo(running: Running, sample: Sample): Told[] {
  return [...running.push(sample), ...(running.levels?.() ?? []), ...(running.sizes?.() ?? [])];
}

/** What is told, or that the sample was refused, which must leave all as it was. */
function toldOrRefused(running: Running, sample: Sample): readonly Told[] | "refused" {
  const before = running.snapshot();
  try {
    return answerTo(running, sample);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).message).toMatch(/: .*(give|leave)/);
    expect(running.snapshot(), "a refused sample changes nothing").toEqual(before);
    return "refused";
  }
}

function withVersion(bytes: Uint8Array, version: number): Uint8Array {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  view.setUint32(4, version, true);
  view.setUint32(copy.length - 4, crc32(copy.subarray(0, -4)), true);
  return copy;
}

const garbage = fc.array(fc.tuple(value, elapsed), { maxLength: 60 });

describe.each(SUBJECTS.map((subject) => ({ ...subject, title: [subject.name, subject.kind ?? []].flat().join(", ") })))("$title", (subject) => {
  const samples = ordinary(subject, MANY);

  it("says the same of the same samples", () => expect(told(subject.fresh(), samples)).toEqual(told(subject.fresh(), samples)));

  it("says something of ordinary samples", () => expect(new Set(told(subject.fresh(), samples)).size).toBeGreaterThan(1));

  const { batch } = subject;
  if (typeof batch === "function")
    it("says the same in a batch, and of a beginning what it says of the whole", () => {
      const running = subject.fresh();
      const whole = batch(samples);
      const each = whole.length / samples.length;
      const pushed = samples.flatMap((sample) => running.push(sample).slice(0, each));
      expect(whole).toEqual(pushed);
      fc.assert(
        fc.property(fc.integer({ min: 1, max: MANY }), (cut) => {
          expect(batch(samples.slice(0, cut))).toEqual(whole.slice(0, cut * each));
        }),
        { numRuns: 10 },
      );
    });

  it("goes on from a snapshot at any place, bit for bit", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: MANY }), garbage, (cut, bad) => {
        const whole = subject.fresh();
        told(whole, samples.slice(0, cut));
        for (const sample of timed(bad, START + cut * STEP)) toldOrRefused(whole, sample);
        const parted = subject.restore(whole.snapshot());
        const rest = samples.slice(cut).map((sample) => [toldOrRefused(parted, sample), toldOrRefused(whole, sample)] as const);
        for (const [after, straight] of rest) expect(after).toEqual(straight);
        expect(parted.snapshot()).toEqual(whole.snapshot());
      }),
      { numRuns: 10 },
    );
  });

  it("refuses bytes that are damaged, cut, of another version or of something else", () => {
    const running = subject.fresh();
    told(running, samples.slice(0, 100));
    const bytes = running.snapshot();
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (place, bits) => {
        const damaged = bytes.slice();
        damaged[place] = (damaged[place] as number) ^ bits;
        expect(() => subject.restore(damaged)).toThrow(InputError);
        expect(() => subject.restore(bytes.slice(0, place))).toThrow(InputError);
      }),
      { numRuns: 50 },
    );
    expect(() => subject.restore(withVersion(bytes, 99))).toThrow(/version 99/);
    const other = SUBJECTS.find(({ name }) => name !== subject.name);
    expect(() => subject.restore((other as typeof subject).fresh().snapshot())).toThrow(/is of a/);
  });

  it("tells numbers whatever comes, or refuses it and stays as it was", () => {
    fc.assert(
      fc.property(fc.constantFrom(0, 1, 20, MANY), garbage, (first, bad) => {
        const running = subject.fresh();
        const all = [
          ...samples.slice(0, first),
          ...timed(bad, START + first * STEP),
          ...timed(
            samples.map((sample) => [sample.value, STEP]),
            START + MANY * STEP,
          ),
        ];
        for (const sample of all) {
          const answer = toldOrRefused(running, sample);
          if (answer === "refused") continue;
          for (const number of answer)
            if (number !== undefined && !Number.isFinite(number)) throw new Error(`${number} in [${answer}] of ${JSON.stringify(sample)}`);
        }
      }),
      { numRuns: 40 },
    );
  });

  it.each([0, -0, 1, -7, 1e-300, 1e100])("tells numbers of a constant %d", (constant) => {
    const running = subject.fresh();
    for (const { at } of samples) {
      const answer = toldOrRefused(running, { value: constant, at });
      if (answer !== "refused") expect(answer.every((number) => number === undefined || Number.isFinite(number))).toBe(true);
    }
  });

  it("takes a million samples, huge jumps among them, in the memory that it had", () => {
    const running = subject.fresh();
    const jumps = subject.draw !== pValues;
    let early = 0;
    let last: readonly Told[] = [];
    for (let index = 0; index < 1_000_000; index++) {
      const { value: own } = samples[index % MANY] as Sample;
      last = running.push({ value: jumps && index % 9973 === 0 ? own * 1e9 : own, at: START + index * STEP });
      if (index === 10_000) early = running.snapshot().length;
    }
    expect(last.every((number) => number === undefined || Number.isFinite(number))).toBe(true);
    // Sub-PCA may keep more axes of a window than before, of which there are few.
    expect(running.snapshot().length).toBeLessThan(2 * early);
  });

  const { scale, shift } = subject.equivariance;
  /** Scores stay, and what is in the unit of the samples moves with them. */
  const follows = (move: (value: number) => number, unit: number): void => {
    const [plain, moved] = [subject.fresh(), subject.fresh(move)];
    for (const sample of samples) {
      const before = plain.push(sample);
      expectNear(moved.push({ value: move(sample.value), at: sample.at }), before);
      expectNear(moved.levels?.() ?? [], mapped(plain.levels, move), unit);
      expectNear(
        moved.sizes?.() ?? [],
        mapped(plain.sizes, (size) => size * unit),
        unit,
      );
    }
  };
  if (scale === "same") it.each([1024, 1e-6, 7e9])("does not mind a unit of 1 / %d", (factor) => follows((own) => own * factor, factor));
  if (shift === "same") it.each([64, -1000])("does not mind a zero elsewhere, at %d", (zero) => follows((own) => own + zero, 1));
});

function mapped(tell: (() => readonly Told[]) | undefined, move: (value: number) => number): Told[] {
  return (tell?.() ?? []).map((number) => (number === undefined ? undefined : move(number)));
}

it("HoltWinters.fit with all rates known leaves the state that updates lead to", () => {
  const values = Float64Array.from(ordinary({ draw: gauge }, 200), ({ value }) => value);
  const initial = { level: 20, slope: 0, season: new Float64Array(12) };
  const params = { period: 12, alpha: 0.3, beta: 0.1, gamma: 0.1, phi: 0.9, clip: Number.POSITIVE_INFINITY, initial };
  const whole = HoltWinters.fit(values, params);
  const parted = HoltWinters.fit(values.subarray(0, 100), params);
  for (const value of values.subarray(100)) parted.update(value);
  expect(parted.forecast(24).mean).toEqual(whole.forecast(24).mean);
});
