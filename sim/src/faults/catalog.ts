/** Every fault, by file name. */
import { badCommand } from "./bad-command.ts";
import { badRollout } from "./bad-rollout.ts";
import { commandNotInShell } from "./command-not-in-shell.ts";
import { crashAfterRollout } from "./crash-after-rollout.ts";
import { crashLoop } from "./crash-loop.ts";
import { crashLoopCured } from "./crash-loop-cured.ts";
import { crashLoopPassing } from "./crash-loop-passing.ts";
import { evictedLeftovers } from "./evicted-leftovers.ts";
import { failedJob } from "./failed-job.ts";
import { failedJobIdempotent } from "./failed-job-idempotent.ts";
import type { Fault } from "./fault.ts";
import { forgottenCordon } from "./forgotten-cordon.ts";
import { imageFromUnknownRegistry } from "./image-from-unknown-registry.ts";
import { imageNotFound } from "./image-not-found.ts";
import { livenessFailing } from "./liveness-failing.ts";
import { missingConfigMap } from "./missing-configmap.ts";
import { missingKey } from "./missing-key.ts";
import { missingSecret } from "./missing-secret.ts";
import { nodeNotReady } from "./node-not-ready.ts";
import { nothingWrong } from "./nothing-wrong.ts";
import { oomFarUndersized } from "./oom-far-undersized.ts";
import { oomLeak } from "./oom-leak.ts";
import { oomLimitBelowStart } from "./oom-limit-below-start.ts";
import { oomLimitLowered } from "./oom-limit-lowered.ts";
import { oomUndersized } from "./oom-undersized.ts";
import { quotaExceeded } from "./quota-exceeded.ts";
import { quotaLeftovers } from "./quota-leftovers.ts";
import { readinessAfterRollout } from "./readiness-after-rollout.ts";
import { readinessFailing } from "./readiness-failing.ts";
import { readinessWedged } from "./readiness-wedged.ts";
import { registryDown } from "./registry-down.ts";
import { scaledToZero } from "./scaled-to-zero.ts";
import { selectorMismatch } from "./selector-mismatch.ts";
import { stormNodes } from "./storm-nodes.ts";
import { stormZone } from "./storm-zone.ts";
import { unschedulableCpu } from "./unschedulable-cpu.ts";
import { unschedulableMemory } from "./unschedulable-memory.ts";
import { unschedulableScaleUp } from "./unschedulable-scale-up.ts";

export const FAULTS: readonly Fault[] = [
  badCommand,
  badRollout,
  commandNotInShell,
  crashAfterRollout,
  crashLoop,
  crashLoopCured,
  crashLoopPassing,
  evictedLeftovers,
  failedJob,
  failedJobIdempotent,
  forgottenCordon,
  imageFromUnknownRegistry,
  imageNotFound,
  livenessFailing,
  missingConfigMap,
  missingKey,
  missingSecret,
  nodeNotReady,
  nothingWrong,
  oomFarUndersized,
  oomLeak,
  oomLimitBelowStart,
  oomLimitLowered,
  oomUndersized,
  quotaExceeded,
  quotaLeftovers,
  readinessAfterRollout,
  readinessFailing,
  readinessWedged,
  registryDown,
  scaledToZero,
  selectorMismatch,
  stormNodes,
  stormZone,
  unschedulableCpu,
  unschedulableMemory,
  unschedulableScaleUp,
];
