import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../input-error.ts";
import { type Matrix, matrix, matrixOfRows, rowOf } from "../matrix.ts";
import { createRandom } from "../random.ts";
import { writeSnapshot } from "../snapshot.ts";
import { fitIsolationForest, forestOf, restoreIsolationForest } from "./isolation-forest.ts";
import { averagePath, depthFor } from "./isolation-trees.ts";
import { packTrees, type ScikitTree } from "./testing/scikit-trees.ts";

interface Fixture {
  readonly rows: readonly number[][];
  readonly labels: readonly number[];
  readonly subsample: number;
  readonly trees: readonly ScikitTree[];
  readonly scores: readonly number[];
  readonly threshold: number;
  readonly predicted: readonly number[];
  readonly areas: readonly number[];
}

const fixture = JSON.parse(readFileSync(new URL("fixtures/isolation-forest.json", import.meta.url), "utf8")) as Fixture;

const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

/** The share of pairs of an outlier and a normal row that are in the right order: the area under the ROC curve. */
function areaUnder(scores: Float64Array, labels: readonly number[]): number {
  const outliers = labels.flatMap((label, row) => (label === 1 ? [scores[row]!] : []));
  const others = labels.flatMap((label, row) => (label === 0 ? [scores[row]!] : []));
  const right = outliers.map((outlier) => mean(others.map((other) => (outlier > other ? 1 : outlier === other ? 0.5 : 0))));
  return mean(right);
}

/** Rows of independent normal numbers, columns of different scales. */
function cloud(rows: number, columns: number, seed: number): Matrix {
  const random = createRandom(seed);
  return matrix(
    rows,
    columns,
    new Float64Array(rows * columns).map((_, index) => random.normal() * (1 + (index % columns))),
  );
}

const smallForest = fc.record({
  seed: fc.integer(),
  rows: fc.integer({ min: 2, max: 60 }),
  columns: fc.integer({ min: 1, max: 6 }),
  extension: fc.integer({ min: 0, max: 6 }),
});

describe("beside scikit-learn 1.9", () => {
  const rows = matrixOfRows(fixture.rows);

  it("its trees give its scores, its threshold its answers", () => {
    const trees = packTrees(fixture.trees, fixture.subsample, 4);
    const forest = forestOf({ trees, subsample: fixture.subsample, featuresPerTree: 4, seed: 0, grown: 12, threshold: fixture.threshold });
    const first = matrixOfRows(fixture.rows.slice(0, 60));
    const scores = forest.score(first);
    for (const [row, score] of fixture.scores.entries()) expect(Math.abs(scores[row]! - score)).toBeLessThan(1e-12);
    expect([...forest.predict(first)]).toEqual(fixture.predicted);
  });

  it("our own forests find as many outliers", () => {
    const areas = Array.from({ length: 20 }, (_, seed) => areaUnder(fitIsolationForest(rows, { seed }).score(rows), fixture.labels));
    const deviation = Math.sqrt(mean(fixture.areas.map((area) => (area - mean(fixture.areas)) ** 2)));
    // Two means of 20 each: four standard errors of their difference.
    expect(Math.abs(mean(areas) - mean(fixture.areas))).toBeLessThan(4 * deviation * Math.sqrt(2 / 20));
  });

  it("contamination is the share of the training rows that are called unusual", () => {
    const forest = fitIsolationForest(rows, { contamination: 0.1 });
    expect(mean(forest.predict(rows))).toBeCloseTo(0.1, 2);
    expect(fitIsolationForest(rows).threshold).toBe(0.5);
  });
});

describe("scores", () => {
  it("lie between 0 and 1, one by one as in a batch of any size", () => {
    fc.assert(
      fc.property(smallForest, ({ seed, rows, columns, extension }) => {
        const table = cloud(rows, columns, seed);
        const forest = fitIsolationForest(table, { trees: 5, subsample: 32, extension, seed });
        const scores = forest.score(table);
        const single = Array.from(scores, (_, row) => forest.scoreOne(table.values, row * columns));
        return single.every((score, row) => score === scores[row] && score > 0 && score < 1);
      }),
    );
  });

  it("do not change with the unit or the zero of a metric, here by exact factors and shifts", () => {
    fc.assert(
      fc.property(smallForest, fc.integer({ min: -20, max: 20 }), fc.integer({ min: -64, max: 64 }), ({ seed, rows, columns }, power, shift) => {
        // Whole numbers of moderate size, so that neither the factor nor the shift rounds.
        const values = cloud(rows, columns, seed).values.map((value) => Math.round(value * 64));
        const moved = values.map((value) => (value + shift * 1024) * 2 ** power);
        const plain = fitIsolationForest(matrix(rows, columns, values), { trees: 5, seed });
        const other = fitIsolationForest(matrix(rows, columns, moved), { trees: 5, seed });
        const scores = [plain.score(matrix(rows, columns, values)), other.score(matrix(rows, columns, moved))];
        // A threshold between two values may round to the other side of neither: it lies between them in both.
        expect(scores[1]).toEqual(scores[0]);
      }),
    );
  });

  it("tell bytes apart that move by a few thousand around ten thousand million", () => {
    const random = createRandom(4);
    const table = matrix(
      500,
      1,
      new Float64Array(500).map(() => 1e10 + Math.round(random.normal() * 1_000)),
    );
    const forest = fitIsolationForest(table);
    const [usual, unusual] = [forest.scoreOne(Float64Array.of(1e10)), forest.scoreOne(Float64Array.of(1e10 + 5_000))];
    expect([usual < 0.5, unusual > 0.7]).toEqual([true, true]);
  });

  it("of the same seed are the same, of neighbouring seeds from other trees", () => {
    const table = cloud(300, 3, 1);
    const [one, again, next] = [1, 1, 2].map((seed) => fitIsolationForest(table, { seed, trees: 20 }));
    expect(one!.trees).toEqual(again!.trees);
    const roots = new Set(one!.trees.each.map(({ thresholds }) => thresholds[1]));
    expect(next!.trees.each.map(({ thresholds }) => roots.has(thresholds[1]))).not.toContain(true);
  });

  it("of a vector that comes later do not depend on what else is scored", () => {
    const table = cloud(200, 4, 2);
    const forest = fitIsolationForest(matrix(100, 4, table.values.slice(0, 400)));
    expect(forest.score(table).slice(0, 50)).toEqual(forest.score(matrix(50, 4, table.values.slice(0, 200))));
  });
});

describe("contributions", () => {
  it("add up to the mean path of the training rows less that of the vector", () => {
    fc.assert(
      fc.property(smallForest, ({ seed, rows, columns, extension }) => {
        const table = cloud(rows, columns, seed);
        const forest = fitIsolationForest(table, { trees: 7, extension, seed });
        const path = -Math.log2(forest.scoreOne(table.values)) * averagePath(forest.subsample);
        const { trees } = forest;
        const expected = mean(trees.each.map(({ paths }) => paths[1]!));
        const sum = forest.contributions(table.values).reduce((total, each) => total + each, 0);
        return Math.abs(sum - (expected - path)) < 1e-9;
      }),
    );
  });

  it.each([
    { columns: 5, first: 0.95, amongThree: 1 },
    { columns: 20, first: 0.6, amongThree: 0.85 },
  ])("name the metric that moved by four deviations, of $columns", ({ columns, first, amongThree }) => {
    const forest = fitIsolationForest(cloud(2_000, columns, 1));
    const later = cloud(200, columns, 2);
    const places = Array.from({ length: 200 }, (_, row) => {
      const vector = rowOf(later, row);
      const moved = row % columns;
      vector[moved] = (row % 2 === 0 ? 4 : -4) * (1 + moved);
      const contributions = forest.contributions(vector);
      return contributions.filter((each) => each > contributions[moved]!).length;
    });
    expect(mean(places.map((place) => (place === 0 ? 1 : 0)))).toBeGreaterThanOrEqual(first);
    expect(mean(places.map((place) => (place < 3 ? 1 : 0)))).toBeGreaterThanOrEqual(amongThree);
  });
});

describe("an extended forest", () => {
  /** Two metrics that rise and fall together, and two that have nothing to do with them; every tenth row of the second half breaks the bond. */
  function bond(rows: number, seed: number): { readonly table: Matrix; readonly labels: number[] } {
    const random = createRandom(seed);
    const labels = Array.from({ length: rows }, (_, row) => (row >= rows / 2 && row % 10 === 0 ? 1 : 0));
    const vectors = labels.map((label) => {
      const load = random.normal();
      return [load + 0.1 * random.normal(), (label === 1 ? -Math.sign(load) * 1.5 : load) + 0.1 * random.normal(), random.normal(), random.normal()];
    });
    return { table: matrixOfRows(vectors), labels };
  }

  it("sees the bond between two metrics break, where each alone is as ever", () => {
    const { table, labels } = bond(2_000, 1);
    const before = matrix(1_000, 4, table.values.slice(0, 4_000));
    const [plain, extended] = [0, 1].map((extension) => areaUnder(fitIsolationForest(before, { extension }).score(table), labels));
    expect(extended).toBeGreaterThan(plain! + 0.05);
  });

  it("does not change with the unit or the zero of a metric", () => {
    const { table } = bond(500, 2);
    const moved = matrix(
      500,
      4,
      table.values.map((value, index) => value * 2 ** (index % 4) * 1_024),
    );
    const [plain, other] = [table, moved].map((each) => fitIsolationForest(each, { extension: 3 }).score(each));
    for (const [row, score] of plain!.entries()) expect(Math.abs(other![row]! - score)).toBeLessThan(1e-9);
  });

  it("credits the metrics that broke away", () => {
    const { table } = bond(1_000, 3);
    const forest = fitIsolationForest(table, { extension: 1 });
    const contributions = forest.contributions(Float64Array.of(0, 0, 8, 0));
    expect(contributions.indexOf(Math.max(...contributions))).toBe(2);
  });

  it("leaves out a metric that moves too far for its deviation to be a number: a vector alone scores as in a batch", () => {
    const table = cloud(200, 3, 4);
    table.values.forEach((value, index) => {
      if (index % 3 === 0) table.values[index] = value * 1e200;
    });
    const forest = fitIsolationForest(table, { trees: 20, extension: 2 });
    const batch = forest.score(table);
    for (let row = 0; row < table.rows; row++) expect(forest.scoreOne(table.values, 3 * row)).toBe(batch[row]);
    expect(new Set(batch).size).toBeGreaterThan(100);
  });

  it("weighs no more features than there are", () => expect(fitIsolationForest(cloud(50, 3, 1), { extension: 100 }).trees.width).toBe(3));

  it("has no answer in constants, and none that is no number for gaps and infinite values", () => {
    const mixed = matrixOfRows(Array.from({ length: 100 }, (_, row) => [7, row % 3, row % 7]));
    const forest = fitIsolationForest(mixed, { extension: 2 });
    const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e308, 0];
    for (const first of odd)
      for (const second of odd) {
        const vector = Float64Array.of(first, second, first);
        const batch = matrixOfRows(Array.from({ length: 9 }, () => vector));
        expect(new Set(forest.score(batch))).toEqual(new Set([forest.scoreOne(vector)]));
        expect(forest.scoreOne(vector)).toBeGreaterThan(0);
        expect([...forest.contributions(vector)].every(Number.isFinite)).toBe(true);
      }
    expect(forest.contributions(Float64Array.of(1e6, 1, 3))[0]).toBe(0);
  });

  it("comes back from a snapshot", () => {
    const table = cloud(100, 4, 6);
    const forest = fitIsolationForest(table, { extension: 2, trees: 10 });
    expect(restoreIsolationForest(forest.snapshot()).score(table)).toEqual(forest.score(table));
    expect(restoreIsolationForest(forest.snapshot()).contributions(table.values)).toEqual(forest.contributions(table.values));
  });
});

describe("an update", () => {
  it("follows what is normal now, one tree at a time", () => {
    const forest = fitIsolationForest(cloud(500, 3, 1), { trees: 50 });
    const moved = matrix(
      500,
      3,
      cloud(500, 3, 2).values.map((value) => value + 30),
    );
    const before = mean(forest.score(moved));
    for (let turn = 0; turn < 25; turn++) forest.update(moved);
    const half = mean(forest.score(moved));
    for (let turn = 0; turn < 25; turn++) forest.update(moved);
    const after = mean(forest.score(moved));
    expect([before > half, half > after, after < 0.5]).toEqual([true, true, true]);
  });

  it("needs as many rows as a tree grows on", () =>
    expect(() => fitIsolationForest(cloud(300, 2, 1)).update(cloud(255, 2, 1))).toThrow("255 rows without a gap, at least 256 are needed"));
});

describe("a snapshot", () => {
  const table = cloud(100, 3, 5);
  const forest = fitIsolationForest(table, { trees: 10, contamination: 0.05, seed: 8 });

  it("gives the forest back, and it goes on as it would have", () => {
    const restored = restoreIsolationForest(forest.snapshot());
    expect(restored.score(table)).toEqual(forest.score(table));
    expect([restored.threshold, restored.subsample]).toEqual([forest.threshold, forest.subsample]);
    restored.update(table);
    const other = restoreIsolationForest(forest.snapshot());
    other.update(table);
    expect(other.snapshot()).toEqual(restored.snapshot());
    expect(other.snapshot()).not.toEqual(forest.snapshot());
  });

  it("that is damaged, or of something else, or of sizes that cannot be, is refused", () => {
    const damaged = forest.snapshot();
    damaged[100] = damaged[100]! ^ 1;
    expect(() => restoreIsolationForest(damaged)).toThrow(InputError);
    expect(() => restoreIsolationForest(writeSnapshot("bank", 1, []))).toThrow("the snapshot is of a bank");
    const absurd = writeSnapshot("isolation-forest", 1, [Float64Array.of(1e9, 3, 1, 256, 3, 0, 100, 0.5)]);
    expect(() => restoreIsolationForest(absurd)).toThrow("sizes that no forest has");
  });
});

describe("input that is not as it should be", () => {
  const whole = cloud(100, 3, 1);

  it("training rows with a gap are left out", () => {
    const rows = Array.from({ length: 100 }, (_, row) => rowOf(whole, row));
    const gaps = rows.flatMap((row) => [row, Float64Array.of(1, Number.NaN, 2)]);
    const [plain, gappy] = [fitIsolationForest(whole, { subsample: 100 }), fitIsolationForest(matrixOfRows(gaps), { subsample: 100 })];
    expect(gappy.subsample).toBe(100);
    expect(mean(gappy.score(whole))).toBeCloseTo(mean(plain.score(whole)), 2);
  });

  it("a gap in a vector stops where it is asked for: a far value is seen beside it, a row of gaps is as the average row", () => {
    const forest = fitIsolationForest(whole);
    const far = forest.score(
      matrixOfRows([
        [Number.NaN, 40, 0],
        [Number.NaN, 0, 0],
        [Number.NaN, Number.NaN, Number.NaN],
        [0, 0, 0],
        [0, 0, Number.NaN],
      ]),
    );
    expect(far[0]).toBeGreaterThan(far[1]! + 0.05);
    expect(far[2]).toBeCloseTo(mean(forest.score(whole)), 1);
    expect(forest.scoreOne(Float64Array.of(Number.NaN, 40, 0))).toBe(far[0]);
    expect([...far].every((score) => score > 0 && score < 1)).toBe(true);
  });

  it("an infinite value counts as farther out than any", () => {
    const forest = fitIsolationForest(whole);
    const [infinite, far] = forest.score(
      matrixOfRows([
        [Number.POSITIVE_INFINITY, 0, 0],
        [1e300, 0, 0],
      ]),
    );
    expect(infinite).toBe(far);
  });

  it("constant columns are never asked for; constants alone score 0.5", () => {
    const mixed = matrixOfRows(Array.from({ length: 100 }, (_, row) => [7, rowOf(whole, row)[1]!, 7]));
    const contributions = fitIsolationForest(mixed).contributions(Float64Array.of(1_000, 2, -1_000));
    expect([contributions[0], contributions[2]]).toEqual([0, 0]);
    const still = matrix(50, 2, new Float64Array(100).fill(3));
    for (const score of fitIsolationForest(still).score(still)) expect(score).toBeCloseTo(0.5, 14);
    expect(fitIsolationForest(still).scoreOne(Float64Array.of(9, 9))).toBeCloseTo(0.5, 14);
  });

  it("values at the end of the range of numbers give scores all the same", () => {
    const wide = matrixOfRows(Array.from({ length: 64 }, (_, row) => [row % 2 === 0 ? -1.7e308 : 1.7e308, row * 1e-300]));
    expect([...fitIsolationForest(wide).score(wide)].every((score) => score > 0 && score < 1)).toBe(true);
  });

  it.each<[string, () => unknown, string]>([
    ["one row", () => fitIsolationForest(cloud(1, 3, 1)), "1 rows without a gap, at least 2 are needed"],
    ["no row", () => fitIsolationForest(matrix(0, 3)), "0 rows without a gap"],
    ["no column", () => fitIsolationForest(matrix(5, 0)), "the number of columns is 0"],
    [
      "an infinite training value",
      () =>
        fitIsolationForest(
          matrixOfRows([
            [1, 2],
            [3, Number.NEGATIVE_INFINITY],
          ]),
        ),
      "row 1, column 1 is -Infinity",
    ],
    [
      "a column that is never there",
      () =>
        fitIsolationForest(
          matrixOfRows([
            [1, Number.NaN],
            [3, Number.NaN],
          ]),
        ),
      "column 1 is missing in 2 of 2",
    ],
    ["no tree", () => fitIsolationForest(whole, { trees: 0 }), "trees is 0: it must be a whole number from 1"],
    ["a subsample of one", () => fitIsolationForest(whole, { subsample: 1 }), "subsample is 1"],
    ["half a feature more", () => fitIsolationForest(whole, { extension: 0.5 }), "extension is 0.5"],
    ["no feature", () => fitIsolationForest(whole, { maxFeatures: 0 }), "maxFeatures is 0"],
    ["more unusual rows than usual ones", () => fitIsolationForest(whole, { contamination: 0.6 }), "contamination is 0.6"],
    ["a seed that is no number", () => fitIsolationForest(whole, { seed: Number.NaN }), "seed is NaN"],
    ["other features than those of the training", () => fitIsolationForest(whole).score(cloud(5, 4, 1)), "4 features, the forest was grown on 3"],
    ["a vector that is too short", () => fitIsolationForest(whole).scoreOne(Float64Array.of(1, 2)), "2 features, the forest was grown on 3"],
    ["too little room", () => fitIsolationForest(whole).score(whole, new Float64Array(99)), "room for 99 scores, 100 are needed"],
  ])("%s is refused", (_, act, message) => {
    expect(act).toThrow(InputError);
    expect(act).toThrow(message);
  });
});

it("fewer features per tree are asked for where maxFeatures says so", () => {
  const { trees } = fitIsolationForest(cloud(200, 10, 1), { maxFeatures: 0.3 });
  const asked = trees.each.map(
    ({ thresholds, features }) => new Set(features.filter((_, node) => node > 0 && thresholds[node] !== Number.POSITIVE_INFINITY)).size,
  );
  expect(Math.max(...asked)).toBe(3);
});

it("is as deep as balanced splits would be, and the rest of a path is what a search tree would take", () => {
  expect([2, 3, 256, 257].map(depthFor)).toEqual([1, 2, 8, 9]);
  // sklearn.ensemble._iforest._average_path_length of scikit-learn 1.9.1.
  expect([0, 1, 2].map(averagePath)).toEqual([0, 0, 1]);
  expect(averagePath(256)).toBeCloseTo(10.244770920119917, 14);
});
