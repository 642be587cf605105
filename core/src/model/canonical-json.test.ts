import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson, sameCanonical } from "./canonical-json.ts";

test("keys are sorted at every depth and there is no white space", () => {
  expect(canonicalJson({ b: [{ d: 1, c: "x" }], a: null })).toBe('{"a":null,"b":[{"c":"x","d":1}]}');
});

test("keys are sorted by code units, as RFC 8785 asks", () => {
  expect(canonicalJson({ "\u20ac": 1, "\r": 2, "1": 3, "\u00f6": 4 })).toBe('{"\\r":2,"1":3,"\u00f6":4,"\u20ac":1}');
});

test("a property without a value is left out, as it is after a round trip through JSON", () => {
  expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}');
});

test("minus zero is zero", () => {
  expect(canonicalJson(-0)).toBe("0");
});

test.each([
  ["undefined", undefined],
  ["undefined in a list", [1, undefined]],
  // biome-ignore lint/suspicious/noSparseArray: the hole is what is tested
  ["a hole in a list", [1, , 2]],
  ["NaN", { a: Number.NaN }],
  ["infinity", [Number.POSITIVE_INFINITY]],
  ["a function", { a: () => 1 }],
  ["a bigint", 1n],
  ["a Map", { a: new Map([[1, 2]]) }],
])("%s is refused", (_, value) => {
  expect(() => canonicalJson(value)).toThrow(TypeError);
});

test("parsing the text gives the value back, and the text does not depend on the order of keys", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value);
      const back: unknown = JSON.parse(text);
      expect(canonicalJson(back)).toBe(text);
      expect(canonicalJson(reversed(back))).toBe(text);
      expect(sameCanonical(value, back)).toBe(true);
    }),
  );
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reversed(inner)]),
  );
}
