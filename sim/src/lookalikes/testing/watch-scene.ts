/** Plays one look-alike on the shop after a quarter of an hour of good running. */
import { createRandom } from "../../random.ts";
import type { Stage } from "../../scenario/stage.ts";
import { buildShop } from "../../shop.ts";
import type { LookAlike, Scene } from "../look-alike.ts";

const MINUTE = 60_000;

export interface Watched {
  readonly stage: Stage;
  readonly scene: Scene;
  wait(minutes: number): void;
}

export function watchScene(one: LookAlike, seed: string | number = 1): Watched {
  const stage = buildShop(`${one.id}/${seed}`);
  const { timeline } = stage.cluster;
  timeline.advanceTo(timeline.now() + 15 * MINUTE);
  const scene = one.begin(stage, createRandom(`${one.id}/${seed}`));
  if (scene === undefined) throw new Error(`${one.id} found nobody to play`);
  return { stage, scene, wait: (minutes) => timeline.advanceTo(timeline.now() + minutes * MINUTE) };
}
