import { describe, expect, it } from "vitest";
import { matrix } from "../matrix.ts";
import { createRandom } from "../random.ts";
import { lstmParams } from "./lstm-params.ts";
import { alone, planTraining, sharedNumbers, type Team, train } from "./lstm-training.ts";

const random = createRandom(1);
const table = (rows: number, gaps: readonly number[] = []) => {
  const values = new Float64Array(rows * 2).map(() => random.normal());
  for (const gap of gaps) values[gap * 2 + 1] = Number.NaN;
  return matrix(rows, 2, values);
};

describe("the windows of a training", () => {
  it("start each stride, and those held out share no row with the others", () => {
    const { learned, heldOut } = planTraining(table(50), lstmParams({ window: 4, stride: 6 }));
    expect([...learned]).toEqual([0, 6, 12, 18, 24, 30, 36]);
    expect([...heldOut]).toEqual([40, 46]);
  });
  it("hold no gap", () => {
    const { learned } = planTraining(table(20, [3, 9]), lstmParams({ window: 4, stride: 1 }));
    expect([...learned]).toEqual([4, 5, 10, 11, 12]);
  });
});

const plan = planTraining(table(300), lstmParams({ window: 6, stride: 1, hidden: 4, batch: 20, epochs: 200, patience: 2, learningRate: 0.05 }));

it("is the same, whoever computes a part and when", () => {
  const values = new Float64Array(sharedNumbers(plan));
  const backwards: Team = {
    share(parts, stride, compute) {
      values.fill(0);
      for (let part = parts - 1; part >= 0; part--) compute(part, values, part * stride);
      return values;
    },
  };
  expect(train(plan, backwards)).toEqual(train(plan, alone(plan)));
});

it("stops when the error on held-out rows has not fallen for so many epochs, and keeps the weights of the best", () => {
  const told: number[] = [];
  const { epochs, weights } = train(plan, alone(plan), ({ epoch }) => told.push(epoch));
  const best = epochs.findLast((each) => each.best)?.epoch ?? 0;
  expect(told).toEqual(epochs.map(({ epoch }) => epoch));
  expect(epochs.length).toBe(best + 2);
  expect(epochs.length).toBeLessThan(200);
  const again = train({ ...plan, params: { ...plan.params, epochs: best } }, alone(plan));
  expect(again.weights).toEqual(weights);
  expect(Math.min(...epochs.map(({ heldOutLoss }) => heldOutLoss))).toBe(epochs[best - 1]?.heldOutLoss);
});
