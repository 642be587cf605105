import fc from "fast-check";
import { expect, test } from "vitest";
import { matchesPattern } from "./pattern.ts";

test.each([
  ["shop", "shop", true],
  ["shop", "shop-a", false],
  ["shop-*", "shop-a", true],
  ["shop-*", "shop", false],
  ["*", "", true],
  ["*-db", "cart-db", true],
  ["a*b*c", "a-b-c", true],
  ["a*b*c", "ac", false],
  ["aa*aa", "aaa", false],
])("pattern %s on %s is %s", (pattern, name, expected) => {
  expect(matchesPattern(pattern, name)).toBe(expected);
});

test("agrees with a regular expression on any pattern and name", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "b", "-", "*"), maxLength: 8 });
  const name = fc.string({ unit: fc.constantFrom("a", "b", "-"), maxLength: 8 });
  fc.assert(
    fc.property(word, name, (pattern, text) => {
      const regex = new RegExp(`^${pattern.split("*").join(".*")}$`);
      expect(matchesPattern(pattern, text)).toBe(regex.test(text));
    }),
  );
});
