import fc from "fast-check";
import { expect, it } from "vitest";
import { pageOf } from "./page.ts";

const keys = fc.uniqueArray(fc.string({ unit: "binary", maxLength: 6 }), { maxLength: 40 });
const order = fc.constantFrom("ascending", "descending");
const limit = fc.integer({ min: 1, max: 12 });

function walk(list: (page: number) => readonly string[], size: number, way: "ascending" | "descending"): string[] {
  const found: string[] = [];
  let after: string | undefined;
  for (let page = 0; ; page += 1) {
    const { items, next } = pageOf(list(page), (key) => key, { limit: size, after }, way);
    found.push(...items);
    if (next === undefined) return found;
    after = next;
  }
}

it("pages joined are the whole list, in order, whatever their size", () => {
  fc.assert(
    fc.property(keys, limit, order, (all, size, way) => {
      const sorted = [...all].sort((a, b) => (a < b ? -1 : 1));
      expect(walk(() => all, size, way)).toEqual(way === "ascending" ? sorted : sorted.toReversed());
    }),
  );
});

it("what comes and goes between pages shifts nothing: what was there all along is shown once", () => {
  fc.assert(
    fc.property(keys, keys, limit, order, (stays, comes, size, way) => {
      const others = comes.filter((key) => !stays.includes(key));
      const found = walk((page) => (page % 2 === 0 ? stays : [...others, ...stays]), size, way);
      expect(found.filter((key) => stays.includes(key)).toSorted()).toEqual(stays.toSorted());
      expect(new Set(found).size).toBe(found.length);
    }),
  );
});
