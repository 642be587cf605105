/** Every healthy look-alike, by file name. */
import { completedPods } from "./completed-pods.ts";
import { cronFailsThenSucceeds } from "./cron-fails-then-succeeds.ts";
import { drain } from "./drain.ts";
import { headlessService } from "./headless-service.ts";
import { jobCompletesAfterFailures } from "./job-completes-after-failures.ts";
import type { LookAlike } from "./look-alike.ts";
import { retiredApp } from "./retired-app.ts";
import { scaledToZeroByAutoscaler } from "./scaled-to-zero-by-autoscaler.ts";
import { scalingByAutoscaler } from "./scaling-by-autoscaler.ts";
import { scalingByPerson } from "./scaling-by-person.ts";
import { selectorlessService } from "./selectorless-service.ts";
import { singleRestart } from "./single-restart.ts";
import { slowImagePull } from "./slow-image-pull.ts";
import { slowRollout } from "./slow-rollout.ts";

export const LOOK_ALIKES: readonly LookAlike[] = [
  completedPods,
  cronFailsThenSucceeds,
  drain,
  headlessService,
  jobCompletesAfterFailures,
  retiredApp,
  scaledToZeroByAutoscaler,
  scalingByAutoscaler,
  scalingByPerson,
  selectorlessService,
  singleRestart,
  slowImagePull,
  slowRollout,
];
