import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom } from "../random.ts";
import { fitByLikelihood, fitByMoments, type Pareto, paretoLikelihood, paretoQuantile, paretoTail } from "./pareto-fit.ts";

interface Fit extends Pareto {
  readonly excesses: number[];
  readonly likelihood: number;
  readonly tails: [number, number][];
}

const { fits } = JSON.parse(readFileSync(new URL("fixtures/pareto.json", import.meta.url), "utf8")) as { fits: Fit[] };

/** `count` excesses of a known tail. */
function drawn(pareto: Pareto, count: number, seed: number): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length: count }, () => paretoQuantile(pareto, 1 - random.next()));
}

describe.each(fits)("$excesses.length excesses that scipy fits with shape $shape", ({ excesses, shape, scale, likelihood, tails }) => {
  const values = Float64Array.from(excesses);
  it("are fitted as likely as by scipy, or likelier", () => {
    const fitted = fitByLikelihood(values);
    expect(paretoLikelihood(fitted, values)).toBeGreaterThanOrEqual(likelihood - 1e-6 * Math.abs(likelihood));
    expect(Math.abs(fitted.shape - shape)).toBeLessThan(2e-3);
    expect(Math.abs(fitted.scale / scale - 1)).toBeLessThan(4e-3);
  });
  it("have the likelihood and the tail that scipy gives for its own fit", () => {
    expect(Math.abs(paretoLikelihood({ shape, scale }, values) / likelihood - 1)).toBeLessThan(1e-9);
    for (const [excess, tail] of tails) expect(Math.abs(paretoTail({ shape, scale }, excess) - tail)).toBeLessThanOrEqual(1e-9 * tail);
  });
});

it.each([-0.3, 0, 0.2, 0.5])("both fits find a tail of shape %d again in 20,000 excesses", (shape) => {
  const values = drawn({ shape, scale: 3 }, 20_000, 5);
  for (const fitted of [fitByMoments(values), fitByLikelihood(values)]) {
    expect(Math.abs(fitted.shape - shape)).toBeLessThan(0.05);
    expect(Math.abs(fitted.scale - 3)).toBeLessThan(0.15);
  }
});

it("what is exceeded with a probability has that probability to be exceeded", () => {
  fc.assert(
    fc.property(fc.double({ min: -0.5, max: 0.9, noNaN: true }), fc.double({ min: 1e-12, max: 1, noNaN: true }), (shape, tail) => {
      const pareto = { shape, scale: 7 };
      expect(Math.abs(paretoTail(pareto, paretoQuantile(pareto, tail)) / tail - 1)).toBeLessThan(1e-6);
    }),
  );
});

it("a scaled sample has the same shape and the scaled scale", () => {
  const values = drawn({ shape: 0.25, scale: 1 }, 300, 9);
  fc.assert(
    fc.property(fc.integer({ min: -40, max: 40 }), (power) => {
      const factor = 2 ** power;
      const [one, other] = [fitByLikelihood(values), fitByLikelihood(values.map((value) => value * factor))];
      expect(Math.abs(other.shape - one.shape)).toBeLessThan(1e-9);
      expect(Math.abs(other.scale / factor / one.scale - 1)).toBeLessThan(1e-9);
    }),
  );
});

it.each([
  ["one excess", [2]],
  ["equal excesses", [2, 2, 2, 2, 2]],
  ["two that are far apart", [1e-9, 1e9]],
])("%s still give a tail", (_, excesses) => {
  for (const fitted of [fitByMoments(Float64Array.from(excesses)), fitByLikelihood(Float64Array.from(excesses))]) {
    expect(Number.isFinite(fitted.shape)).toBe(true);
    expect(fitted.scale).toBeGreaterThan(0);
  }
});
