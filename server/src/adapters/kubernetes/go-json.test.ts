import { expect, it } from "vitest";
import { goJson } from "./go-json.ts";

it("writes what Go escapes as Go does, in keys and in values", () => {
  expect(goJson({ command: ["sh", "-c", "a && b > c < d"], "a&b": "\u2028\u2029" })).toBe(
    String.raw`{"command":["sh","-c","a \u0026\u0026 b \u003e c \u003c d"],"a\u0026b":"\u2028\u2029"}`,
  );
});

it("means the same", () => {
  const value = { text: 'a && b; echo "<c>" \\u0026 \n \u2028', list: [1, null, true, "é €"] };
  expect(JSON.parse(goJson(value))).toEqual(value);
});
