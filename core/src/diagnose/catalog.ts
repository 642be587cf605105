/** Every failure mode, by its number. A new one is one file in `modes/`, its test, and a line here. */
import type { FailureMode } from "../model/failure-mode.ts";
import { badCommand } from "./modes/bad-command.ts";
import { badRollout } from "./modes/bad-rollout.ts";
import { crashLoop } from "./modes/crash-loop.ts";
import { evictedLeftovers } from "./modes/evicted-leftovers.ts";
import { failedJob } from "./modes/failed-job.ts";
import { forgottenCordon } from "./modes/forgotten-cordon.ts";
import { imageNotFound } from "./modes/image-not-found.ts";
import { missingConfig } from "./modes/missing-config.ts";
import { nothingWrong } from "./modes/nothing-wrong.ts";
import { oomKilled } from "./modes/oom-killed.ts";
import { quotaExceeded } from "./modes/quota-exceeded.ts";
import { readinessFailing } from "./modes/readiness-failing.ts";
import { scaledToZero } from "./modes/scaled-to-zero.ts";
import { serviceWithoutEndpoints } from "./modes/service-without-endpoints.ts";
import { storm } from "./modes/storm.ts";
import { unschedulable } from "./modes/unschedulable.ts";

export const MODES: readonly FailureMode[] = [
  crashLoop,
  badCommand,
  oomKilled,
  readinessFailing,
  imageNotFound,
  missingConfig,
  evictedLeftovers,
  unschedulable,
  forgottenCordon,
  badRollout,
  scaledToZero,
  failedJob,
  quotaExceeded,
  serviceWithoutEndpoints,
  storm,
  nothingWrong,
];

const BY_ID: ReadonlyMap<string, FailureMode> = new Map(MODES.map((mode) => [mode.id, mode]));

export function modeOf(id: string): FailureMode | undefined {
  return BY_ID.get(id);
}
