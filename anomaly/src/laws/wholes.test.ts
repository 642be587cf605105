/** What holds for every function of the library that looks at samples as a whole. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../index.ts";
import { expectNear } from "./testing/expect-near.ts";
import { elapsed, HARD, timed, value } from "./testing/garbage.ts";
import { gauge, history, START, STEP, type Told } from "./testing/subject.ts";
import { type Answer, WHOLES } from "./testing/wholes.ts";

const MANY = 144;
/** With an incident in its last third. */
const samples = history((own) => own, MANY).map((own, index) => own + (index < 96 ? 0 : 30));
const times = samples.map((_, index) => START + index * STEP);

const numbersOf = ({ scores = [], levels = [], sizes = [] }: Answer): readonly Told[] => [...scores, ...levels, ...sizes];

function toldOrRefused(run: () => Answer): readonly Told[] {
  try {
    return numbersOf(run());
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    expect(error.message).toMatch(/give|leave|needs|nothing/);
    return [];
  }
}

function expectNumbers(numbers: readonly Told[], given: unknown): void {
  for (const number of numbers)
    if (number !== undefined && !Number.isFinite(number)) throw new Error(`${number} among [${numbers}] of ${JSON.stringify(given)}`);
}

describe.each(WHOLES.map((whole) => ({ ...whole, title: [whole.name, whole.part ?? []].flat().join(", ") })))("$title", ({ run, prefix, scale, shift }) => {
  it("says something, and the same again", () => {
    const first = numbersOf(run(samples, times));
    expect(first.length).toBeGreaterThan(0);
    expect(numbersOf(run(samples, times))).toEqual(first);
  });

  it("leaves what it was given as it was", () => {
    const copy = samples.slice();
    run(copy, times);
    expect(copy).toEqual(samples);
  });

  if (prefix === "kept")
    it("says of a beginning what it says of the whole", () => {
      const whole = numbersOf(run(samples, times));
      expect(whole).toHaveLength(MANY);
      fc.assert(
        fc.property(fc.integer({ min: 1, max: MANY }), (cut) => {
          expect(numbersOf(run(samples.subarray(0, cut), times.subarray(0, cut)))).toEqual(whole.slice(0, cut));
        }),
      );
    });

  it("tells numbers whatever comes, or refuses it", () => {
    const steps = fc.array(fc.tuple(value, elapsed), { maxLength: 60 });
    fc.assert(
      fc.property(steps, fc.constantFrom(0, 30, MANY), (bad, first) => {
        const next = gauge();
        const all = timed([...Array.from({ length: first }, (_, index) => [next(index), STEP] as const), ...bad], START);
        const given = { values: all.map((sample) => sample.value), times: all.map(({ at }) => at) };
        expectNumbers(
          toldOrRefused(() => run(Float64Array.from(given.values), Float64Array.from(given.times))),
          given,
        );
      }),
      { numRuns: 100 },
    );
  });

  it.each([...HARD, 7, -3])("tells numbers of nothing but %d, or refuses it", (constant) => {
    for (const length of [0, 1, 2, 3, 30, MANY])
      expectNumbers(
        toldOrRefused(() => run(new Float64Array(length).fill(constant), times.subarray(0, length))),
        length,
      );
  });

  const follows = (move: (own: number) => number, unit: number): void => {
    const { scores = [], levels = [], sizes = [] } = run(samples, times);
    const moved = run(samples.map(move), times);
    expectNear(moved.scores ?? [], scores);
    expectNear(moved.levels ?? [], levels.map((level) => (level === undefined ? level : move(level))), unit); // biome-ignore format: one line each
    expectNear(moved.sizes ?? [], sizes.map((size) => (size === undefined ? size : size * unit)), unit); // biome-ignore format: one line each
  };
  if (scale === "follows") it.each([1024, 1e-6, 7e9])("follows a unit of 1 / %d", (factor) => follows((own) => own * factor, factor));
  if (shift === "follows") it.each([64, -1000])("follows a zero elsewhere, at %d", (zero) => follows((own) => own + zero, 1));
});
