import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { LOOK_ALIKES } from "./catalog.ts";

const NOT_LOOK_ALIKES = ["catalog.ts", "look-alike.ts"];

describe("the catalogue of look-alikes", () => {
  test("lists every file of its folder, each with a test beside it", () => {
    const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith(".ts"));
    const found = files.filter((file) => !file.endsWith(".test.ts") && !NOT_LOOK_ALIKES.includes(file)).map((file) => file.replace(".ts", ""));
    expect(LOOK_ALIKES.map((one) => one.id).sort()).toEqual(found.sort());
    expect(found.filter((one) => !files.includes(`${one}.test.ts`))).toEqual([]);
  });
});
