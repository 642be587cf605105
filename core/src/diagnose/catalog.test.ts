import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { DETECTORS } from "../detect/catalog.ts";
import { MODES, modeOf } from "./catalog.ts";

const folder = new URL("./modes/", import.meta.url);
const files = readdirSync(folder);
const plugins = files.filter((name) => !name.endsWith(".test.ts")).map((name) => name.replace(/\.ts$/, ""));

test("the list of failure modes is the folder of modes, by the same names, in the order of their numbers", () => {
  expect(MODES.map((mode) => mode.id).toSorted()).toEqual(plugins.toSorted());
  expect(MODES.map((mode) => mode.number)).toEqual(MODES.map((mode) => mode.number).toSorted((a, b) => a - b));
});

test("every mode has its test beside it, and is found by its id", () => {
  expect(files.filter((name) => name.endsWith(".test.ts")).toSorted()).toEqual(plugins.map((name) => `${name}.test.ts`).toSorted());
  for (const mode of MODES) expect(modeOf(mode.id)).toBe(mode);
  expect(modeOf("no-such-mode")).toBeUndefined();
});

test("modes explain only what a detector says, or the storm rule", () => {
  const known = new Set([...DETECTORS.map((detector) => detector.id), "storm"]);
  for (const mode of MODES) for (const id of mode.explains) expect(known).toContain(id);
});

test("only a dead node and a volume that does not come are left without a mode: they are for people", () => {
  const explained = new Set(MODES.flatMap((mode) => mode.explains));
  expect(DETECTORS.map((detector) => detector.id).filter((id) => !explained.has(id))).toEqual(["node-not-ready", "volume-unavailable"]);
});

test("no mode holds a confidence of its own", () => {
  for (const name of plugins) expect(readFileSync(new URL(`${name}.ts`, folder), "utf8")).not.toMatch(/confidence|share:/);
});
