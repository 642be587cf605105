import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Matrix, matrix, matrixOfRows, rowOf } from "../matrix.ts";
import { createRandom } from "../random.ts";
import reference from "./fixtures/pca.json" with { type: "json" };
import { fitPca, type PcaParams, restorePca } from "./pca.ts";

/** Load drives the first three of five metrics; the others have a life of their own. */
function service(rows: number, seed = 1): Matrix {
  const random = createRandom(seed);
  return matrixOfRows(
    Array.from({ length: rows }, (_, row) => {
      const load = 5 + 2 * Math.sin((2 * Math.PI * row) / 288) + 0.3 * random.normal();
      return [
        100 * load + 3 * random.normal(),
        0.2 * load + 0.01 * random.normal(),
        40 + 5 * load + random.normal(),
        random.normal(),
        7 + 0.1 * random.normal(),
      ];
    }),
  );
}

const slice = ({ columns, values }: Matrix, first: number, end: number): Matrix => matrix(end - first, columns, values.slice(first * columns, end * columns));

const largestOf = (values: Float64Array): number => values.indexOf(Math.max(...values));

describe("what an owner's metrics do together", () => {
  test("is measured as scikit-learn measures it, where nothing is clipped, shrunk or learned", () => {
    const plain: PcaParams = { scale: "standard", clip: 1e6, dependence: 1, horizon: 0 };
    for (const { rows, vectors, squares } of reference.cases) {
      const ours = fitPca(matrixOfRows(rows), plain).squares(matrixOfRows(vectors));
      squares.forEach((square, row) => {
        expect(Math.abs(ours[row]! / square - 1)).toBeLessThan(1e-9);
      });
    }
  });

  test("tells metrics that leave each other, though each stays in its range", () => {
    const parted = slice(service(20_400), 20_000, 20_400);
    for (let row = 200; row < 210; row++) rowOf(parted, row).set([400, 1.2, 65]);
    const scores = fitPca(service(20_000)).pushRows(parted);
    expect(largestOf(scores)).toBeGreaterThanOrEqual(200);
    expect(largestOf(scores)).toBeLessThan(212);
    expect(Math.max(...scores)).toBeGreaterThan(6);
    expect(Math.max(...scores.subarray(0, 200))).toBeLessThan(4);
  });

  test("names the metrics that made a vector unusual, and how much each", () => {
    const pca = fitPca(service(2000));
    const odd = Float64Array.of(500, 1, 65, 8, 7);
    const shares = pca.contributions(odd);
    expect(largestOf(shares)).toBe(3);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(pca.squares(matrixOfRows([odd]))[0]!, 9);
  });

  test("is not decided by one metric gone wild: it counts as far as clipping lets it", () => {
    const pca = fitPca(service(2000));
    const wild = (value: number): number => pca.squares(matrixOfRows([[500, 1, 65, value, 7]]))[0]!;
    expect(wild(1e9)).toBe(wild(1e3));
    expect(wild(Number.POSITIVE_INFINITY)).toBe(wild(1e3));
    expect(wild(Number.NEGATIVE_INFINITY)).toBe(wild(-1e3));
  });

  test("is learned from a history with incidents nearly as from one without", () => {
    const clean = service(2000);
    const dirty = clean.values.map((value, index) => (Math.floor(index / 5) % 50 === 7 ? 30 * value : value));
    const odd = matrixOfRows([[500, 1, 65, 8, 7]]);
    const robust = fitPca({ ...clean, values: dirty }).squares(odd)[0]!;
    const standard = fitPca({ ...clean, values: dirty }, { scale: "standard" }).squares(odd)[0]!;
    expect(robust).toBeGreaterThan(3 * standard);
  });

  test("scores the same whatever the units of the metrics", () => {
    const units = [1e-6, 1e6, 3, 1e3, 0.25];
    const inUnits = ({ rows, columns, values }: Matrix): Matrix =>
      matrix(
        rows,
        columns,
        values.map((value, index) => value * units[index % columns]!),
      );
    const history = service(600);
    const test = slice(service(900), 600, 900);
    const ours = fitPca(history).pushRows(test);
    fitPca(inUnits(history))
      .pushRows(inUnits(test))
      .forEach((score, row) => {
        expect(score).toBeCloseTo(ours[row]!, 6);
      });
  });

  test("follows a level that changed for good, and does not wait for a refit", () => {
    const later = service(9000, 2);
    const moved = { ...later, values: later.values.map((value, index) => (index % 5 === 3 ? value + 6 : value)) };
    const scores = fitPca(service(2000), { horizon: 2000 }).pushRows(moved);
    expect(scores[100]).toBeGreaterThan(3);
    expect(scores[8999]).toBeLessThan(1.5);
    expect(fitPca(service(2000), { horizon: 0 }).pushRows(moved)[8999]).toBeGreaterThan(3);
  });
});

describe("a stream of vectors", () => {
  test("never looks ahead: the scores of its beginning stay, whatever follows", () => {
    const pca = (): ReturnType<typeof fitPca> => fitPca(service(300), { refresh: 20 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 199 }), fc.double({ min: -1e6, max: 1e6, noNaN: true }), (cut, value) => {
        const whole = slice(service(500), 300, 500);
        const other = { ...whole, values: whole.values.map((each, index) => (index >= cut * 5 ? value : each)) };
        expect(pca().pushRows(other).subarray(0, cut)).toEqual(pca().pushRows(whole).subarray(0, cut));
      }),
      { numRuns: 25 },
    );
  });

  test("goes on from a snapshot as if nothing had been", () => {
    const pca = fitPca(service(300), { refresh: 17, halfLives: [0, 3], subspace: "minor" });
    const rows = slice(service(900), 300, 900);
    pca.pushRows(slice(rows, 0, 250));
    const restored = restorePca(pca.snapshot());
    expect(restored.pushRows(slice(rows, 250, 600))).toEqual(pca.pushRows(slice(rows, 250, 600)));
    expect(restored.snapshot()).toEqual(pca.snapshot());
  });

  test("has no snapshot of another kind, and none that is damaged", () => {
    const bytes = fitPca(service(50)).snapshot();
    bytes[200]! ^= 1;
    expect(() => restorePca(bytes)).toThrow("damaged");
    expect(() => restorePca(new Uint8Array(40))).toThrow("not a snapshot");
  });

  test("takes a missing metric as the others let expect it: a gap in a busy hour is no incident", () => {
    const pca = fitPca(service(2000));
    const busy = [760, 1.5, 78, 0, 7];
    const gap = [760, Number.NaN, 78, 0, 7];
    const [whole, missing] = pca.squares(matrixOfRows([busy, gap]));
    expect(missing).toBeLessThan(2 * whole! + 1);
    expect(pca.contributions(Float64Array.from(gap))[1]).toBeCloseTo(0, 4);
    const wrong = [760, Number.NaN, 40, 0, 7];
    expect(pca.squares(matrixOfRows([wrong]))[0]).toBeGreaterThan(10 * missing!);
  });

  test("says nothing about a vector without values: the score stays", () => {
    const pca = fitPca(service(300));
    const before = pca.push(Float64Array.of(500, 1, 65, 0, 7));
    const state = pca.snapshot();
    expect(pca.push(new Float64Array(5).fill(Number.NaN))).toBe(before);
    expect(pca.snapshot()).toEqual(state);
    expect(pca.squares(matrix(1, 5, new Float64Array(5).fill(Number.NaN)))[0]).toBeNaN();
  });

  test("learns a metric that appears later", () => {
    const gone = service(300);
    const history = { ...gone, values: gone.values.map((value, index) => (index % 5 === 3 ? Number.NaN : value)) };
    const pca = fitPca(history, { horizon: 1000 });
    pca.pushRows(slice(service(6300), 300, 6300));
    const odd = matrixOfRows([[500, 1, 65, 8, 7]]);
    expect(largestOf(pca.contributions(odd.values))).toBe(3);
    expect(pca.squares(odd)[0]).toBeGreaterThan(3);
  });

  test("never gives a score that is no number, whatever comes", () => {
    const value = fc.oneof(fc.double(), fc.constantFrom(0, 1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e308, -1e308, 5e-324));
    const finite = fc.oneof(fc.constantFrom(0, 1, Number.NaN), fc.double({ min: -1e100, max: 1e100 }));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(finite, finite, finite), { minLength: 1, maxLength: 12 }),
        fc.array(fc.tuple(value, value, value), { minLength: 1, maxLength: 60 }),
        (history, rows) => {
          const pca = fitPca(matrixOfRows(history), { refresh: 3, horizon: 20 });
          for (const score of pca.pushRows(matrixOfRows(rows))) expect(score).toBeGreaterThan(Number.NEGATIVE_INFINITY);
          for (const score of pca.pushRows(matrixOfRows(rows))) expect(score).toBeLessThan(Number.POSITIVE_INFINITY);
        },
      ),
    );
  });
});

describe("a history", () => {
  test("of one row is a beginning: what follows is learned", () => {
    const rows = service(3000);
    const pca = fitPca(slice(rows, 0, 1), { horizon: 1000 });
    pca.pushRows(slice(rows, 1, 3000));
    const [usual, odd] = pca.squares(matrixOfRows([[500, 1, 65, 0, 7], [500, 1.6, 65, 0, 7]])); // biome-ignore format: rows of a matrix
    expect(usual).toBeLessThan(2);
    expect(odd).toBeGreaterThan(5 * usual!);
  });

  test("of fewer rows than metrics leaves open what it cannot know", () => {
    const random = createRandom(4);
    const wide = matrixOfRows(Array.from({ length: 6 }, () => Array.from({ length: 30 }, () => random.normal())));
    const squares = fitPca(wide, { horizon: 0 }).squares(matrixOfRows([Array.from({ length: 30 }, () => random.normal())]));
    expect(squares[0]).toBeLessThan(10);
  });

  test("of constants is left by whatever moves, and only by that", () => {
    const pca = fitPca(matrixOfRows(Array.from({ length: 100 }, () => [5, 0, 1e9])));
    expect([...pca.squares(matrixOfRows([[5, 0, 1e9]]))]).toEqual([0]);
    expect(largestOf(pca.contributions(Float64Array.of(5, 1, 1e9)))).toBe(1);
    expect(pca.push(Float64Array.of(5, 1, 1e9))).toBeGreaterThan(3);
  });

  test("must have rows and finite values; vectors must have its metrics", () => {
    expect(() => fitPca(matrix(0, 3))).toThrow("at least one row");
    expect(() => fitPca(matrix(3, 0))).toThrow("at least one row");
    expect(() => fitPca(matrixOfRows([[1, 2], [3, Number.POSITIVE_INFINITY]]))).toThrow("row 1, column 1 of the history is infinite"); // biome-ignore format: rows of a matrix
    const pca = fitPca(service(20));
    expect(() => pca.pushRows(matrix(3, 4))).toThrow("4 metrics, the history had 5");
    expect(() => pca.pushRows(matrix(3, 5), new Float64Array(2))).toThrow("room for 2 scores, 3 are needed");
    expect(() => pca.push(new Float64Array(4))).toThrow("4 metrics, the history had 5");
    expect(() => pca.contributions(new Float64Array(12), 8)).toThrow("4 metrics, the history had 5");
  });

  test.each([
    [{ clip: 0 }, "clip is 0"],
    [{ dependence: 0.5 }, "dependence is 0.5"],
    [{ horizon: 1 }, "horizon is 1"],
    [{ trust: Number.NaN }, "trust is NaN"],
    [{ refresh: 1.5 }, "refresh is 1.5"],
    [{ halfLives: [] }, "the number of half-lives is 0"],
    [{ halfLives: [-1] }, "a half-life is -1"],
  ] satisfies [PcaParams, string][])("cannot be learned with %o", (params, message) => {
    expect(() => fitPca(service(20), params)).toThrow(message);
  });
});
