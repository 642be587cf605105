import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { DETECTORS } from "./catalog.ts";

const files = readdirSync(new URL("./detectors/", import.meta.url));
const plugins = files.filter((name) => !name.endsWith(".test.ts")).map((name) => name.replace(/\.ts$/, ""));

test("the list of detectors is the folder of detectors, by the same names", () => {
  expect(DETECTORS.map((detector) => detector.id).toSorted()).toEqual(plugins.toSorted());
});

test("every detector has its test beside it", () => {
  expect(files.filter((name) => name.endsWith(".test.ts")).toSorted()).toEqual(plugins.map((name) => `${name}.test.ts`).toSorted());
});
