import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../input-error.ts";
import { type Matrix, matrix, matrixOfRows, rowOf } from "../matrix.ts";
import { createRandom } from "../random.ts";
import { fitLstmAutoencoder, restoreLstmAutoencoder } from "./lstm-autoencoder.ts";
import type { LstmParams } from "./lstm-params.ts";

/** Three metrics: two that follow one wave, each in its unit, and noise. */
function usual(rows: number, seed: number): Matrix {
  const random = createRandom(seed);
  const table = matrix(rows, 3);
  for (let row = 0; row < rows; row++) {
    const wave = Math.sin(row / 4);
    table.values.set([100 + 20 * wave + random.normal(), 0.5 - 0.2 * wave + 0.01 * random.normal(), 7 + 0.1 * random.normal()], row * 3);
  }
  return table;
}

const small: Partial<LstmParams> = { window: 12, stride: 1, hidden: 6, epochs: 12, learningRate: 0.01, batch: 16, recent: 2 };
const model = fitLstmAutoencoder(usual(600, 1), small);
const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

it("learns: the error on held-out rows falls below that of answering with the median", () => {
  const [first, last] = [model.epochs[0], model.epochs.at(-1)];
  expect(last?.loss).toBeLessThan((first?.loss ?? 0) / 2);
  expect(Math.min(...model.epochs.map(({ heldOutLoss }) => heldOutLoss))).toBeLessThan(0.7);
});

describe("what it sees", () => {
  it("says of the usual that it is usual", () => expect(mean(model.score(usual(300, 2)).scores)).toBeLessThan(1));

  it("a relation that broke while each metric stays in its range, and names the metrics", () => {
    const table = usual(300, 2);
    for (let row = 200; row < 220; row++) table.values[row * 3 + 1] = 0.5 + 0.2 * Math.sin(row / 4);
    const { scores, contributions } = model.score(table);
    const before = Math.max(...scores.subarray(20, 200));
    expect(Math.max(...scores.subarray(200, 220))).toBeGreaterThan(2 * before);
    const worst = scores.indexOf(Math.max(...scores));
    const shares = rowOf(contributions, worst);
    expect(shares[1]).toBeGreaterThan(3 * (shares[2] as number));
    expect(mean(shares)).toBeCloseTo(scores[worst] as number, 10);
  });

  it("a metric far out of its range", () => {
    const table = usual(100, 3);
    table.values[80 * 3 + 2] = 1e12;
    const { scores, contributions } = model.score(table);
    expect(scores.indexOf(Math.max(...scores))).toBeGreaterThanOrEqual(80);
    expect(rowOf(contributions, 80)[2]).toBeGreaterThan(3);
  });
});

describe("the same input, the same answer", () => {
  it("for the same seed in bits, for another seed not", () => {
    const table = usual(120, 4);
    const brief = { ...small, epochs: 2 };
    const weights = fitLstmAutoencoder(table, brief).weights;
    expect(fitLstmAutoencoder(table, brief).weights).toEqual(weights);
    expect(fitLstmAutoencoder(table, { ...brief, seed: 2 }).weights).not.toEqual(weights);
  });

  it("these bits, on any machine", () => {
    const table = matrixOfRows(Array.from({ length: 80 }, (_, row) => [row % 7, (row * row) % 11]));
    const { weights } = fitLstmAutoencoder(table, { window: 8, stride: 1, recent: 4, hidden: 3, epochs: 3, batch: 8 });
    const bits = new Uint32Array(weights.buffer).reduce((hash, word) => (Math.imul(hash, 31) + word) >>> 0, 0);
    expect([bits, weights[0], weights.at(-1)]).toMatchInlineSnapshot(`
      [
        4076079950,
        -0.4015166188029028,
        0.0015039018122705162,
      ]
    `);
  });

  it("row by row as in a batch, for each owner of a stream", () => {
    const tables = [usual(50, 5), usual(50, 6)];
    const stream = model.stream(2);
    const answers = tables.map(() => [] as number[]);
    for (let row = 0; row < 50; row++) for (const slot of [0, 1]) answers[slot]?.push(stream.push(slot, rowOf(tables[slot] as Matrix, row)));
    expect(answers).toEqual(tables.map((table) => [...model.score(table).scores]));
    expect([...stream.contributions]).toEqual([...rowOf(model.score(tables[1] as Matrix).contributions, 49)]);
  });

  it("for a prefix as for the whole", () => {
    const table = usual(90, 7);
    const whole = model.score(table).scores;
    fc.assert(
      fc.property(fc.nat(90), (rows) => {
        expect([...model.score(matrix(rows, 3, table.values.slice(0, rows * 3))).scores]).toEqual([...whole.subarray(0, rows)]);
      }),
    );
  });

  it("in another unit and from another zero, by powers of two in bits", () => {
    const changed = (table: Matrix): Matrix =>
      matrix(
        table.rows,
        3,
        table.values.map((value, index) => (index % 3 === 0 ? value * 1024 : value)),
      );
    const brief = { ...small, epochs: 2 };
    const [plain, other] = [usual(120, 8), changed(usual(120, 8))];
    expect([...fitLstmAutoencoder(other, brief).score(changed(usual(60, 9))).scores]).toEqual([...fitLstmAutoencoder(plain, brief).score(usual(60, 9)).scores]);
  });
});

describe("snapshots", () => {
  it("of a model score alike, and know their parameters", () => {
    const restored = restoreLstmAutoencoder(model.snapshot());
    expect(restored.params).toEqual(model.params);
    expect(restored.score(usual(60, 2))).toEqual(model.score(usual(60, 2)));
  });

  it("of a stream go on where it was", () => {
    const table = usual(40, 2);
    const [one, other] = [model.stream(2), model.stream(2)];
    for (let row = 0; row < 20; row++) one.push(1, rowOf(table, row));
    other.restore(one.snapshot());
    for (let row = 20; row < 40; row++) expect(other.push(1, rowOf(table, row))).toBe(one.push(1, rowOf(table, row)));
    expect([other.warm(0), other.warm(1)]).toEqual([false, true]);
    other.reset(1);
    expect([other.warm(1), other.push(1, rowOf(table, 0))]).toEqual([false, 0]);
  });

  it("of something else are refused", () => {
    expect(() => restoreLstmAutoencoder(model.stream().snapshot())).toThrow("the snapshot is of a lstm-stream, not of a lstm-autoencoder");
    expect(() => model.stream(2).restore(model.stream(3).snapshot())).toThrow(
      "the snapshot is of 3 slots, a window of 12 and 3 features; this stream has 2, 12 and 3",
    );
  });
});

describe("update", () => {
  it("learns what changed, with the scaling it had", () => {
    const moved = (seed: number): Matrix =>
      matrix(
        400,
        3,
        usual(400, seed).values.map((value, index) => (index % 3 === 2 ? value + 0.4 : value)),
      );
    const updated = model.update(moved(10), { epochs: 8 });
    expect(updated.scaling).toEqual(model.scaling);
    expect(mean(updated.score(moved(11)).scores)).toBeLessThan(mean(model.score(moved(11)).scores) / 2);
  });
  it("keeps its weights where none that it tried are better", () => {
    expect(model.update(usual(400, 12), { epochs: 2, learningRate: 3 }).weights).toEqual(model.weights);
  });
  it("keeps to the model's features", () => expect(() => model.update(matrix(100, 2))).toThrow("the table has 2 columns, the autoencoder was fitted on 3"));
});

describe("input that is not as it should be", () => {
  const brief = { ...small, epochs: 1 };

  it("gaps: windows with one are not learned from, a missing value contributes nothing, and nothing becomes NaN", () => {
    const table = usual(300, 1);
    for (let row = 50; row < 60; row++) table.values[row * 3 + 1] = Number.NaN;
    for (let row = 100; row < 130; row++) table.values.fill(Number.NaN, row * 3, row * 3 + 3);
    const { scores, contributions } = fitLstmAutoencoder(table, brief).score(table);
    expect(scores.every(Number.isFinite) && contributions.values.every(Number.isFinite)).toBe(true);
    expect(rowOf(contributions, 55)[1]).toBe(0);
    expect(scores[125]).toBe(0);
  });

  it("a feature that never moved, and one that never came", () => {
    const table = usual(200, 1);
    for (let row = 0; row < 200; row++) table.values[row * 3] = 42;
    const constant = fitLstmAutoencoder(table, brief);
    const changed = usual(60, 2);
    for (let row = 0; row < 60; row++) changed.values[row * 3] = row < 40 ? 42 : 60;
    const { scores } = constant.score(changed);
    expect(Math.min(...scores.subarray(40))).toBeGreaterThan(Math.max(...scores.subarray(0, 40)));
    for (let row = 0; row < 200; row++) table.values[row * 3] = Number.NaN;
    expect(() => fitLstmAutoencoder(table, brief)).toThrow("no window of 12 rows without a gap among the 160 rows to learn from");
  });

  it("infinite values, in a batch and in a stream", () => {
    const table = usual(200, 1);
    table.values[7] = Number.NEGATIVE_INFINITY;
    const message = "row 2, feature 1 is -Infinity: give finite numbers, and NaN where one is missing";
    expect(() => fitLstmAutoencoder(table, brief)).toThrow(new InputError(message));
    expect(() => model.score(table)).toThrow(new InputError(message));
    expect(() => model.stream().push(0, [1, Number.POSITIVE_INFINITY, 2])).toThrow("feature 1 is Infinity");
  });

  it("too few rows, none, one, or no column", () => {
    const short = "no window of 12 rows without a gap";
    for (const rows of [0, 1, 20]) expect(() => fitLstmAutoencoder(usual(rows, 1), brief)).toThrow(short);
    expect(() => fitLstmAutoencoder(matrix(100, 0), brief)).toThrow("the table has no columns");
    expect([...model.score(usual(1, 1)).scores]).toEqual([0]);
    expect(model.score(matrix(0, 3)).scores.length).toBe(0);
  });

  it("rows of another length, and slots that are not there", () => {
    expect(() => model.stream().push(0, [1, 2])).toThrow("the row has 2 values, the autoencoder was fitted on 3");
    expect(() => model.stream().push(1, [1, 2, 3])).toThrow("there is no slot 1 in an LSTM stream of 1");
    expect(() => model.stream(0)).toThrow("an LSTM stream of 0 slots");
  });

  it.each([
    [{ window: 1 }, "window of an LSTM autoencoder is 1: give a whole number from 2 to 4096"],
    [{ hidden: 2.5 }, "hidden of an LSTM autoencoder is 2.5"],
    [{ learningRate: Number.NaN }, "learningRate of an LSTM autoencoder is NaN: give a number above 0"],
    [{ heldOut: 1 }, "heldOut of an LSTM autoencoder is 1: give a share between 0 and 1"],
    [{ recent: 40 }, "recent of an LSTM autoencoder is 40: give at most the 32 rows of its window"],
    [{ learningRate: 1e300, epochs: 2 }, "the training diverged: its error is no number after 2 epochs; give a smaller learningRate than 1e+300"],
    [{ seed: 0.5 }, "seed of an LSTM autoencoder is 0.5"],
  ])("%j", (params, message) => expect(() => fitLstmAutoencoder(usual(200, 1), params)).toThrow(message));
});
