/** Parameters that make no sense are refused, by name, with what would be right; any others give numbers. */
import { describe, expect, it } from "vitest";
import { InputError } from "../index.ts";
import { PARAMETRISED } from "./testing/parameters.ts";

const ODD = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1, 0, -0, 0.5, 1, 1.5, 1e-308, 1e15, 1e308];

const cases = PARAMETRISED.flatMap(({ name, good, use }) => Object.keys(good).map((parameter) => ({ name, good, use, parameter })));

it.each(PARAMETRISED)("$name gives numbers with good parameters", ({ good, use }) => {
  const numbers = use(good);
  expect(numbers.length).toBeGreaterThan(0);
  expect(numbers.every((number) => number === undefined || Number.isFinite(number))).toBe(true);
});

describe.each(cases)("$name with $parameter", ({ good, use, parameter }) => {
  it.each(ODD)("%d", (odd) => {
    try {
      for (const number of use({ ...good, [parameter]: odd })) if (number !== undefined && !Number.isFinite(number)) throw new Error(`it gives ${number}`);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      expect(error.message).toMatch(/give|leave/);
    }
  });
});
