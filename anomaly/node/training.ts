/** Training of the LSTM autoencoder in threads: the caller's thread stays free, and the result has the same bits whatever their number. */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Epoch, LstmAutoencoder, LstmChanges, LstmParams, Matrix } from "../src/index.ts";
import { InputError } from "../src/input-error.ts";
import { type LstmFitting, prepareLstm, prepareUpdate } from "../src/multivariate/lstm-autoencoder.ts";
import { sharedNumbers, type Trained, type TrainingPlan } from "../src/multivariate/lstm-training.ts";
import { createTeamMemory } from "./training-team.ts";
import type { WorkerMessage, WorkerTask } from "./training-worker.ts";

export interface TrainingProgress extends Epoch {
  /** Since the training began. */
  readonly seconds: number;
  /** Until the last epoch, if each takes as long as those before and none stops it early. */
  readonly secondsLeft: number;
}

export interface TrainingOptions {
  /** As many as the machine runs at once where left out. The parts of a batch bound their use: `batch / 8`. */
  readonly threads?: number;
  /** Ends the training and its threads; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** After each epoch. What it throws ends the training. */
  readonly onProgress?: (progress: TrainingProgress) => void;
}

/** `fitLstmAutoencoder` in threads. */
export function fitLstmInThreads(table: Matrix, params?: Partial<LstmParams>, options?: TrainingOptions): Promise<LstmAutoencoder> {
  return finished(() => prepareLstm(table, params), options);
}

/** `LstmAutoencoder.update` in threads. */
export function updateLstmInThreads(model: LstmAutoencoder, table: Matrix, changes?: LstmChanges, options?: TrainingOptions): Promise<LstmAutoencoder> {
  return finished(() => prepareUpdate(model, table, changes), options);
}

async function finished(prepare: () => LstmFitting, options?: TrainingOptions): Promise<LstmAutoencoder> {
  const { plan, finish } = prepare();
  return finish(await trainInThreads(plan, options));
}

/** Runs a plan. When the promise settles, all threads have ended. Rejects where one of them fails, and says why. */
export async function trainInThreads(plan: TrainingPlan, { threads = availableParallelism(), signal, onProgress }: TrainingOptions = {}): Promise<Trained> {
  signal?.throwIfAborted();
  if (!Number.isInteger(threads) || threads < 1) throw new InputError(`a training in ${threads} threads: give a whole number from 1`);
  const memory = createTeamMemory(sharedNumbers(plan));
  const values = new Float64Array(new SharedArrayBuffer(plan.values.byteLength));
  values.set(plan.values);
  const began = performance.now();
  const workers = Array.from({ length: threads }, (_, member) => {
    const workerData: WorkerTask = { plan: { ...plan, values }, memory, members: threads, member };
    return new Worker(new URL("./training-worker.ts", import.meta.url), { workerData });
  });
  const { promise, resolve, reject } = Promise.withResolvers<Trained>();
  const stop = (): void => reject(signal?.reason);
  signal?.addEventListener("abort", stop, { once: true });
  for (const worker of workers) {
    worker.on("message", (message: WorkerMessage) => {
      if ("trained" in message) return resolve(message.trained);
      try {
        onProgress?.(progressOf(message.epoch, (performance.now() - began) / 1000));
      } catch (error) {
        reject(error);
      }
    });
    worker.on("error", (cause) => reject(new Error(`a training thread failed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })));
    worker.on("exit", (code) => {
      if (code !== 0) reject(new Error(`a training thread ended with code ${code} before the training did`));
    });
  }
  try {
    return await promise;
  } finally {
    signal?.removeEventListener("abort", stop);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function progressOf(epoch: Epoch, seconds: number): TrainingProgress {
  return { ...epoch, seconds, secondsLeft: (seconds / epoch.epoch) * (epoch.epochs - epoch.epoch) };
}
