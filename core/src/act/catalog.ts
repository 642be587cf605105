/** Every action there is; a test keeps this list and the folder `actions` the same. */
import type { Action } from "../model/action.ts";
import { deleteFinishedPods } from "./actions/delete-finished-pods.ts";
import { evictPod } from "./actions/evict-pod.ts";
import { raiseMemoryLimit } from "./actions/raise-memory-limit.ts";
import { recreateJob } from "./actions/recreate-job.ts";
import { restoreSelector } from "./actions/restore-selector.ts";
import { rollBack } from "./actions/roll-back.ts";
import { rolloutRestart } from "./actions/rollout-restart.ts";
import { scaleToPrevious } from "./actions/scale-to-previous.ts";
import { uncordon } from "./actions/uncordon.ts";

export const ACTIONS: readonly Action[] = [
  deleteFinishedPods,
  evictPod,
  raiseMemoryLimit,
  recreateJob,
  restoreSelector,
  rollBack,
  rolloutRestart,
  scaleToPrevious,
  uncordon,
];

export function actionOf(id: string): Action | undefined {
  return ACTIONS.find((action) => action.id === id);
}
