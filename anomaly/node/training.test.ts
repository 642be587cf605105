import { expect, it } from "vitest";
import { createRandom, fitLstmAutoencoder, InputError, type LstmParams, type Matrix, matrix } from "../src/index.ts";
import { prepareLstm } from "../src/multivariate/lstm-autoencoder.ts";
import { fitLstmInThreads, type TrainingProgress, trainInThreads, updateLstmInThreads } from "./training.ts";

function waves(rows: number): Matrix {
  const random = createRandom(3);
  return matrix(
    rows,
    4,
    Float64Array.from({ length: rows * 4 }, (_, index) => Math.sin(Math.floor(index / 4) / 5 + (index % 4)) + 0.2 * random.normal()),
  );
}

const small: Partial<LstmParams> = { window: 10, stride: 1, hidden: 5, epochs: 4, batch: 40 };
const endless: Partial<LstmParams> = { ...small, epochs: 100_000, patience: 100_000 };
const threadsNow = (): number => process.getActiveResourcesInfo().filter((name) => name === "MessagePort" || name === "Worker").length;

it("gives the same bits in one thread, in several, and without any", async () => {
  const table = waves(400);
  const here = fitLstmAutoencoder(table, small);
  for (const threads of [1, 2, 5]) {
    const there = await fitLstmInThreads(table, small, { threads });
    expect(there.snapshot()).toEqual(here.snapshot());
    expect(there.epochs).toEqual(here.epochs);
  }
});

it("learns on in threads as without", async () => {
  const model = fitLstmAutoencoder(waves(300), small);
  const updated = await updateLstmInThreads(model, waves(200), { epochs: 2 }, { threads: 2 });
  expect(updated.snapshot()).toEqual(model.update(waves(200), { epochs: 2 }).snapshot());
});

it("tells each epoch: its errors, and how long it may still take", async () => {
  const seen: TrainingProgress[] = [];
  const { epochs } = await fitLstmInThreads(waves(300), small, { threads: 2, onProgress: (progress) => seen.push(progress) });
  expect(seen.map(({ epoch, loss, heldOutLoss, best }) => ({ epoch, epochs: 4, loss, heldOutLoss, best }))).toEqual(epochs);
  expect(seen[0]?.secondsLeft).toBeCloseTo(3 * (seen[0]?.seconds ?? 0), 9);
  expect(seen.at(-1)?.secondsLeft).toBe(0);
});

it("ends at the caller's word, with the caller's reason, and leaves no thread", async () => {
  const before = threadsNow();
  const control = new AbortController();
  const reason = new Error("the person pressed cancel");
  const training = fitLstmInThreads(waves(300), endless, { threads: 3, signal: control.signal, onProgress: () => control.abort(reason) });
  await expect(training).rejects.toBe(reason);
  expect(threadsNow()).toBe(before);
  await expect(fitLstmInThreads(waves(300), endless, { signal: control.signal })).rejects.toBe(reason);
});

it("ends with what the listener throws", async () => {
  const before = threadsNow();
  const full = new Error("the disk of the log is full");
  const onProgress = (): void => {
    throw full;
  };
  await expect(fitLstmInThreads(waves(300), endless, { threads: 2, onProgress })).rejects.toBe(full);
  expect(threadsNow()).toBe(before);
});

it("says that a thread failed and why, and ends those that wait for it", async () => {
  const before = threadsNow();
  const { plan } = prepareLstm(waves(300), endless);
  await expect(trainInThreads({ ...plan, learned: undefined as unknown as Int32Array }, { threads: 2 })).rejects.toThrow(
    "a training thread failed: Cannot read properties of undefined",
  );
  expect(threadsNow()).toBe(before);
});

it("passes on what a thread says of the input, and refuses bad input before it starts one", async () => {
  await expect(fitLstmInThreads(waves(300), { ...small, learningRate: 1e300 }, { threads: 2 })).rejects.toThrow("the training diverged");
  await expect(fitLstmInThreads(waves(5), small)).rejects.toThrow(InputError);
  await expect(fitLstmInThreads(waves(300), small, { threads: 0 })).rejects.toThrow("a training in 0 threads: give a whole number from 1");
});
