/** Every fault of the API, by file name. */
import type { ApiFault } from "./api-fault.ts";
import { clockStep } from "./clock-step.ts";
import { conflict } from "./conflict.ts";
import { droppedWatch } from "./dropped-watch.ts";
import { outage } from "./outage.ts";
import { slowWatch } from "./slow-watch.ts";
import { staleRead } from "./stale-read.ts";
import { throttled } from "./throttled.ts";
import { timeoutLanded } from "./timeout-landed.ts";
import { timeoutLandedUnseen } from "./timeout-landed-unseen.ts";
import { timeoutLost } from "./timeout-lost.ts";
import { unavailable } from "./unavailable.ts";
import { watchGone } from "./watch-gone.ts";

export const API_FAULTS: readonly ApiFault[] = [
  clockStep,
  conflict,
  droppedWatch,
  outage,
  slowWatch,
  staleRead,
  throttled,
  timeoutLanded,
  timeoutLandedUnseen,
  timeoutLost,
  unavailable,
  watchGone,
];
