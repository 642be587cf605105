/** A thread of a training. All do the same; the first one tells. */
import { parentPort, workerData } from "node:worker_threads";
import { type Epoch, type Trained, type TrainingPlan, train } from "../src/multivariate/lstm-training.ts";
import { joinTeam, type TeamMemory } from "./training-team.ts";

export interface WorkerTask {
  readonly plan: TrainingPlan;
  readonly memory: TeamMemory;
  readonly members: number;
  readonly member: number;
}

export type WorkerMessage = { readonly epoch: Epoch } | { readonly trained: Trained };

const { plan, memory, members, member } = workerData as WorkerTask;
const tell = (message: WorkerMessage): void => {
  if (member === 0) parentPort?.postMessage(message);
};
tell({ trained: train(plan, joinTeam(memory, members), (epoch) => tell({ epoch })) });
