/** Every situation that a real cluster was made to show, played in the simulator, and what it tells held against what real clusters told. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { differences } from "./compare.ts";
import { playScene } from "./play.ts";
import { joined, type Recording } from "./recording.ts";
import { SCENES } from "./scenes/catalog.ts";

const folder = new URL("./real/", import.meta.url);
const SEEDS = [1, 2, 3, 4, 5];

test.each(SCENES)("$name", (scene) => {
  const real = JSON.parse(readFileSync(new URL(`${scene.name}.json`, folder), "utf8")) as Recording;
  const played = SEEDS.map((seed) => playScene(scene, seed)).reduce<Recording | undefined>(joined, undefined);
  if (process.env["SHOW"] === scene.name) console.log(JSON.stringify(played, undefined, 1));
  expect(played && differences(real, played)).toEqual([]);
});
