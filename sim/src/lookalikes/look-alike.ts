/** Something ordinary that resembles a fault. Nothing is wrong: nothing may be reported about it for long, and nothing may be done. */
import type { Ref } from "@kintsugi/core";
import type { Random } from "../random.ts";
import type { Stage } from "../scenario/stage.ts";

export interface LookAlike {
  /** Kebab-case, the name of its file. */
  readonly id: string;
  readonly title: string;
  /** Failure modes that it must not be taken for. */
  readonly resembles: readonly string[];
  /** Begins now. Returns what plays in it: an act on any of these harms. Undefined when the cluster has nothing fit for it. */
  begin(stage: Stage, random: Random): Scene | undefined;
}

export interface Scene {
  readonly targets: readonly Ref[];
  /** When it is over, ms; absent when it goes on for ever. */
  readonly endsAt?: number;
  /** True while all is as the people of the story meant it, once it is over. */
  isWell(): boolean;
}
