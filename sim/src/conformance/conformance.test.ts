/** Every situation that a real cluster was made to show, played in the simulator, and what it tells held against what the real cluster told. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { differences } from "./compare.ts";
import { playScene } from "./play.ts";
import { joined, type Recording } from "./recording.ts";
import { SCENES } from "./scenes/catalog.ts";

const RECORDINGS = new URL("./real/", import.meta.url);
const PICTURES = new URL("../../../core/src/diagnose/fixtures/", import.meta.url);
const SEEDS = [1, 2, 3, 4, 5];

const namesIn = (folder: URL) =>
  readdirSync(folder)
    .map((file) => file.replace(".json", ""))
    .toSorted();
const names = SCENES.map((scene) => scene.name).toSorted();

test.each(SCENES)("$name goes as on a real cluster", (scene) => {
  const real = JSON.parse(readFileSync(new URL(`${scene.name}.json`, RECORDINGS), "utf8")) as Recording;
  const played = SEEDS.map((seed) => playScene(scene, seed)).reduce(joined);
  expect(differences(real, played)).toEqual(Object.keys(scene.differs ?? {}));
});

test("every scene was recorded, more than once, and nothing else was", () => {
  expect(namesIn(RECORDINGS)).toEqual(names);
  for (const name of names) {
    const { times } = JSON.parse(readFileSync(new URL(`${name}.json`, RECORDINGS), "utf8")) as Recording;
    expect(times, name).toBeGreaterThan(2);
  }
});

test("every picture that failure modes are tested with is of a scene", () => {
  expect(namesIn(PICTURES)).toEqual(names);
});
