import { expect, test } from "vitest";
import { isoOrNull, spanOf } from "./contract-time.ts";

test("spans are short, exact to the second, and never negative", () => {
  expect([0, 999, 61_000, 600_000, 3_900_000, -5].map(spanOf)).toEqual(["0s", "1s", "1m1s", "10m", "1h5m", "0s"]);
});

test("what has no moment is null", () => {
  expect([0, undefined, Number.POSITIVE_INFINITY].map(isoOrNull)).toEqual(["1970-01-01T00:00:00.000Z", null, null]);
});
