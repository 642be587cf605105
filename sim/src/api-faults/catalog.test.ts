import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createRandom } from "../random.ts";
import { API_FAULTS } from "./catalog.ts";
import { drawTrouble } from "./trouble.ts";

const NOT_FAULTS = ["catalog.ts", "api-fault.ts", "trouble.ts"];

describe("the catalogue of faults of the API", () => {
  test("lists every file of its folder, each with a test beside it", () => {
    const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith(".ts"));
    const faults = files.filter((file) => !file.endsWith(".test.ts") && !NOT_FAULTS.includes(file)).map((file) => file.replace(".ts", ""));
    expect(API_FAULTS.map((fault) => fault.id).sort()).toEqual(faults.sort());
    expect(faults.filter((fault) => !files.includes(`${fault}.test.ts`))).toEqual([]);
  });

  test("over many seeds every one of them is drawn, and about a third of the runs have none", () => {
    const drawn = Array.from({ length: 300 }, (_, seed) => drawTrouble(createRandom(seed)));
    expect(new Set(drawn.flatMap(Object.keys))).toEqual(new Set(API_FAULTS.map((fault) => fault.id)));
    const quiet = drawn.filter((rates) => Object.keys(rates).length === 0).length;
    expect(quiet).toBeGreaterThan(70);
    expect(quiet).toBeLessThan(150);
  });
});
