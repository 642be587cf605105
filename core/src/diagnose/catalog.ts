/** Every failure mode, by its number. A new one is one file in `modes/`, its test, and a line here. */
import type { FailureMode } from "../model/failure-mode.ts";
import { badRollout } from "./modes/bad-rollout.ts";
import { imageNotFound } from "./modes/image-not-found.ts";

export const MODES: readonly FailureMode[] = [imageNotFound, badRollout];

const BY_ID: ReadonlyMap<string, FailureMode> = new Map(MODES.map((mode) => [mode.id, mode]));

export function modeOf(id: string): FailureMode | undefined {
  return BY_ID.get(id);
}
