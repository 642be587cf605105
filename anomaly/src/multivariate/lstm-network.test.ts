import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom } from "../random.ts";
import oracle from "./fixtures/lstm.json" with { type: "json" };
import { adamStep, createAdam } from "./lstm-adam.ts";
import {
  addGradient,
  createBackwardSpace,
  createNetworkRun,
  initialWeights,
  layoutOf,
  type NetworkShape,
  prepare,
  reconstruct,
  squaredError,
} from "./lstm-network.ts";

/** Loss (mean of squares) and gradient of one batch. */
function learn(shape: NetworkShape, inputs: ArrayLike<number>, windows: number, weights: Float64Array) {
  const run = createNetworkRun(shape, windows);
  run.inputs.set(inputs);
  const space = createBackwardSpace(shape, windows);
  prepare(space, shape, run.layout, weights);
  const gradient = new Float64Array(run.layout.size);
  const scale = 1 / inputs.length;
  const loss = scale * addGradient(run, space, weights, windows, scale, gradient, 0);
  return { loss, gradient };
}

function lossOf(shape: NetworkShape, inputs: ArrayLike<number>, windows: number, weights: Float64Array): number {
  const run = createNetworkRun(shape, windows);
  run.inputs.set(inputs);
  reconstruct(run, weights, windows, shape.steps);
  return squaredError(run, windows) / inputs.length;
}

const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((most, value, index) => Math.max(most, Math.abs(value - (b[index] as number))), 0);
};

describe("PyTorch, in double precision,", () => {
  const weights = (): Float64Array => Float64Array.from(oracle.weights);

  it("reads and writes the same windows", () => {
    const run = createNetworkRun(oracle.shape, oracle.windows);
    run.inputs.set(oracle.inputs);
    reconstruct(run, weights(), oracle.windows, oracle.shape.steps);
    expect(largestDifference(run.rebuilt, oracle.rebuilt)).toBeLessThan(1e-14);
  });

  it("finds the same gradient", () => {
    expect(largestDifference(learn(oracle.shape, oracle.inputs, oracle.windows, weights()).gradient, oracle.gradient)).toBeLessThan(1e-15);
  });

  it("learns the same in six clipped steps of Adam", () => {
    const learning = weights();
    const adam = createAdam(learning.length);
    const steps = oracle.losses.map(() => {
      const { loss, gradient } = learn(oracle.shape, oracle.inputs, oracle.windows, learning);
      return { loss, norm: adamStep(adam, learning, gradient, oracle.learningRate, oracle.clip) };
    });
    expect(Math.min(...oracle.norms)).toBeGreaterThan(oracle.clip);
    expect(
      largestDifference(
        steps.map(({ loss }) => loss),
        oracle.losses,
      ),
    ).toBeLessThan(1e-13);
    expect(
      largestDifference(
        steps.map(({ norm }) => norm),
        oracle.norms,
      ),
    ).toBeLessThan(1e-13);
    expect(largestDifference(learning, oracle.weightsAfter)).toBeLessThan(1e-12);
  });
});

const anyNetwork = fc.record({
  features: fc.integer({ min: 1, max: 5 }),
  steps: fc.integer({ min: 1, max: 7 }),
  hidden: fc.integer({ min: 1, max: 6 }),
  windows: fc.integer({ min: 1, max: 5 }),
  seed: fc.integer(),
});

it("has the gradient that finite differences of the loss have, for each weight", () => {
  fc.assert(
    fc.property(anyNetwork, ({ windows, seed, ...shape }) => {
      const random = createRandom(seed);
      const weights = initialWeights(shape, random).map((weight) => weight + 0.1 * random.normal());
      const inputs = Float64Array.from({ length: shape.steps * windows * shape.features }, () => random.normal());
      const { gradient } = learn(shape, inputs, windows, weights);
      const step = 1e-5;
      const numeric = weights.map((weight, index) => {
        const at = (value: number): number => lossOf(shape, inputs, windows, weights.with(index, value));
        return (at(weight + step) - at(weight - step)) / (2 * step);
      });
      expect(largestDifference(gradient, numeric)).toBeLessThan(1e-8);
    }),
    { numRuns: 30 },
  );
});

it("gives a window the same bits alone and among others", () => {
  fc.assert(
    fc.property(anyNetwork, ({ windows, seed, ...shape }) => {
      const random = createRandom(seed);
      const weights = initialWeights(shape, random);
      const { steps, features } = shape;
      const together = createNetworkRun(shape, windows);
      for (let k = 0; k < together.inputs.length; k++) together.inputs[k] = random.normal();
      reconstruct(together, weights, windows, steps);
      const window = random.below(windows);
      const alone = createNetworkRun(shape, 1);
      const rowsOfWindow = (values: Float64Array): number[] =>
        Array.from({ length: steps * features }, (_, k) => values[(Math.floor(k / features) * windows + window) * features + (k % features)] as number);
      alone.inputs.set(rowsOfWindow(together.inputs));
      reconstruct(alone, weights, 1, steps);
      expect([...alone.rebuilt]).toEqual(rowsOfWindow(together.rebuilt));
    }),
  );
});

it("starts each time from nothing, also after fewer windows than now", () => {
  const shape = { features: 2, steps: 4, hidden: 3 };
  const weights = initialWeights(shape, createRandom(1));
  const [used, fresh] = [createNetworkRun(shape, 3), createNetworkRun(shape, 3)];
  for (const run of [used, fresh]) run.inputs.set(Float64Array.from({ length: 24 }, (_, k) => Math.cos(k)));
  reconstruct(used, weights, 1, 4);
  for (const run of [used, fresh]) reconstruct(run, weights, 3, 4);
  expect(used.rebuilt).toEqual(fresh.rebuilt);
});

it("writes the newest steps alike, however many follow", () => {
  const shape = { features: 2, steps: 8, hidden: 3 };
  const weights = initialWeights(shape, createRandom(1));
  const run = createNetworkRun(shape, 1);
  run.inputs.set(Float64Array.from({ length: 16 }, (_, k) => Math.sin(k)));
  reconstruct(run, weights, 1, 8);
  const all = run.rebuilt.slice(0, 6);
  run.rebuilt.fill(0);
  reconstruct(run, weights, 1, 3);
  expect([...run.rebuilt.slice(0, 6)]).toEqual([...all]);
});

it("starts from weights that the seed decides, with open forget gates", () => {
  const shape = { features: 2, steps: 4, hidden: 3 };
  const { encoderBias, size } = layoutOf(shape);
  const weights = initialWeights(shape, createRandom(5));
  expect(weights).toEqual(initialWeights(shape, createRandom(5)));
  expect(weights).not.toEqual(initialWeights(shape, createRandom(6)));
  expect(weights.length).toBe(size);
  expect([...weights.subarray(encoderBias, encoderBias + 12)]).toEqual([0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0]);
});
