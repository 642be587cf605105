import { expect, it } from "vitest";
import { factorBetween } from "./units.ts";

it("turns units of one thing into one another, rates as well", () => {
  expect(factorBetween("MiB", "bytes")).toBe(1_048_576);
  expect(factorBetween("millicores", "cores")).toBe(0.001);
  expect(factorBetween("kB/s", "bytes/s")).toBe(1_000);
  expect(factorBetween("percent", "ratio")).toBe(0.01);
  expect(factorBetween("h", "min")).toBe(60);
});

it("leaves one alone that it does not know, and turns none into another thing", () => {
  expect(factorBetween("requests/s", "requests/s")).toBe(1);
  expect([factorBetween("requests", "errors"), factorBetween("s", "bytes"), factorBetween("bytes", "bytes/s"), factorBetween("widgets", "s")]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
