import fc from "fast-check";
import { expect, it } from "vitest";

it("lets a property draw the same values in every run, without a word of its own about it", () => {
  const drawn = (): readonly number[] => {
    const values: number[] = [];
    fc.assert(fc.property(fc.integer(), (value) => values.push(value) > 0));
    return values;
  };
  expect(fc.readConfigureGlobal().seed).toEqual(expect.any(Number));
  expect(drawn()).toEqual(drawn());
});

it("takes another seed from the environment, as it was printed, and nothing that is none", async () => {
  // Not at the top: the setup has to work for files that do not know of it.
  const { seedFrom } = await import("./fast-check-seed.ts");
  expect(seedFrom("-1834571")).toBe(-1_834_571);
  expect(seedFrom("")).toBe(seedFrom(undefined));
  expect(() => seedFrom("a lucky one")).toThrow('KINTSUGI_SEED is "a lucky one"');
});
