/**
 * Isolation Forest: what few random splits part from everything else is unusual. Sees vectors whose combination or single values lie at the edge of what was seen;
 * does not see order in time. F. T. Liu, K. M. Ting, Z.-H. Zhou, "Isolation Forest" (ICDM 2008), with the manners of scikit-learn.
 */
import { InputError } from "../input-error.ts";
import type { Matrix } from "../matrix.ts";
import { quantileOf } from "../quantile.ts";
import { createRandom } from "../random.ts";
import { readSnapshot, writeSnapshot } from "../snapshot.ts";
import { addContributions, sumPathOfOne, sumPaths } from "./isolation-paths.ts";
import { averagePath, depthFor, emptyTrees, growTree, type IsolationTree, type IsolationTrees, type Nursery, wholeRows } from "./isolation-trees.ts";

export interface IsolationForestParams {
  /** 100: path lengths converge well before that (the paper, section 4.2; scikit-learn's n_estimators). */
  readonly trees?: number;
  /** Rows that each tree is grown on, drawn without replacement; all where there are fewer. 256 (the paper, section 4.1; scikit-learn's max_samples). */
  readonly subsample?: number;
  /** Share of the features that each tree may ask for, in (0, 1]; at least one feature. 1, as scikit-learn's max_features. */
  readonly maxFeatures?: number;
  /**
   * Features that a split weighs together beyond the first: 0 is the forest of the paper, the number of columns less one the extended forest (S. Hariri, M. Carrasco Kind,
   * R. J. Brunner, "Extended Isolation Forest", TKDE 2021), which sees combinations that no single feature shows. The square root of the number of columns is a good start: with all of
   * them, one that hardly moved in training drowns the rest. More than there are is all. 0.
   */
  readonly extension?: number;
  /** Share of the training rows that `predict` would call unusual, in (0, 0.5]. Left out, the threshold is a score of 0.5 as in the paper. */
  readonly contamination?: number;
  /** Any whole number; the same one gives the same forest on any machine. 0. */
  readonly seed?: number;
}

export interface IsolationForest {
  /** Rows that each tree was grown on. */
  readonly subsample: number;
  /** A score above it is called unusual by `predict`. */
  readonly threshold: number;
  /** The trees as they are packed, for export. */
  readonly trees: IsolationTrees;
  /**
   * One score for each row, in (0, 1): 2^(-mean path / c(subsample)). About 0.5 is as usual as the rest, near 1 is parted at once; higher is more unusual (scikit-learn's
   * `score_samples` is its negative). A missing value (NaN) ends the descent at the mean path of the node that asks for it, so a row of gaps scores as the average row.
   * An infinite value counts as farther out than any. `into` is written and returned where it is given, and then nothing is allocated.
   */
  score(rows: Matrix, into?: Float64Array): Float64Array;
  /** The score of one vector, which begins at `offset` of `values`; the same as `score` gives. Allocates nothing. */
  scoreOne(values: Float64Array, offset?: number): number;
  /** 1 where the score exceeds the threshold, 0 elsewhere. */
  predict(rows: Matrix): Uint8Array;
  /**
   * Of one vector, which begins at `offset` of `values`: by how many splits each feature shortened its path, in the mean over the trees. Positive made it unusual. The sum is the
   * mean path of the training rows less the path of the vector. `into` has one entry per feature and is returned; without it, it is made.
   */
  contributions(values: Float64Array, offset?: number, into?: Float64Array): Float64Array;
  /**
   * Grows the oldest tree anew on `window`, the most recent rows: called now and then, the forest follows what is normal, and costs a hundredth of a fit each time.
   * The threshold stays. Throws InputError where fewer rows than `subsample` are whole.
   */
  update(window: Matrix): void;
  /** All of its state, as bytes for `restoreIsolationForest`. */
  snapshot(): Uint8Array;
}

/**
 * Grows a forest on `rows`, one vector each. Rows with a gap (NaN) are left out. Constant features are never asked for; where all are constant every score is 0.5.
 * Throws InputError for fewer than two whole rows, an infinite value, or parameters out of their range.
 */
export function fitIsolationForest(rows: Matrix, params: IsolationForestParams = {}): IsolationForest {
  const { trees: count = 100, subsample: most = 256, maxFeatures = 1, extension = 0, contamination, seed = 0 } = params;
  check("trees", count, Number.isInteger(count) && count >= 1 && count <= 10_000, "a whole number from 1 to 10,000");
  check("subsample", most, Number.isInteger(most) && most >= 2 && most <= 65_536, "a whole number from 2 to 65,536");
  check("maxFeatures", maxFeatures, maxFeatures > 0 && maxFeatures <= 1, "a share above 0, at most 1");
  check("extension", extension, Number.isInteger(extension) && extension >= 0, "a whole number of features, or 0");
  check("contamination", contamination ?? 0.5, contamination === undefined || (contamination > 0 && contamination <= 0.5), "a share above 0, at most 0.5");
  check("seed", seed, Number.isInteger(seed), "a whole number");
  check("the number of columns", rows.columns, rows.columns >= 1 && rows.columns <= 65_536, "from 1 to 65,536");
  const pool = wholeRows(rows, 2);
  const subsample = Math.min(most, pool.length);
  const featuresPerTree = Math.max(1, Math.floor(maxFeatures * rows.columns));
  const trees = emptyTrees(count, depthFor(subsample), rows.columns, Math.min(extension + 1, featuresPerTree));
  trees.each.forEach((tree, index) => {
    growTree(tree, rows, { pool, subsample, featuresPerTree }, createRandom(seedOf(seed, index)));
  });
  const forest = { trees, subsample, featuresPerTree, seed, grown: count };
  if (contamination === undefined) return forestOf({ ...forest, threshold: 0.5 });
  const scores = forestOf({ ...forest, threshold: 0.5 }).score(rows);
  return forestOf({ ...forest, threshold: quantileOf(scores.sort(), 1 - contamination) });
}

const KIND = "isolation-forest";
const VERSION = 1;

/** The forest whose `snapshot()` this is. Throws InputError for damage, another version, or bytes of something else. */
export function restoreIsolationForest(bytes: Uint8Array): IsolationForest {
  const reader = readSnapshot(bytes, KIND, VERSION);
  const header = reader.float64();
  const [count = 0, columns = 0, width = 0, subsample = 0, featuresPerTree = 0, seed = 0, grown = 0, threshold = 0] = header;
  const within = (value: number, least: number, most: number): boolean => Number.isInteger(value) && value >= least && value <= most;
  if (header.length !== 8 || !(within(count, 1, 10_000) && within(subsample, 2, 65_536) && within(columns, 1, 65_536) && within(width, 1, columns)))
    throw new InputError("the snapshot of an isolation-forest has sizes that no forest has: fit it anew");
  // Sizes that somebody made up must not take more memory than the bytes that came.
  if (count * 2 ** depthFor(subsample) * (16 + 2 * width) > bytes.length) throw new InputError("the snapshot of an isolation-forest is smaller than its trees");
  const trees = emptyTrees(count, depthFor(subsample), columns, width);
  for (const field of fieldsOf(trees)) reader.into(field);
  reader.end();
  return forestOf({ trees, subsample, featuresPerTree, seed, grown, threshold });
}

export interface ForestState {
  readonly trees: IsolationTrees;
  readonly subsample: number;
  readonly featuresPerTree: number;
  readonly seed: number;
  /** Trees that were ever grown, of which each had its own seed. */
  readonly grown: number;
  readonly threshold: number;
}

/** A forest of trees that are grown already. */
export function forestOf({ trees, subsample, featuresPerTree, seed, grown: before, threshold }: ForestState): IsolationForest {
  let grown = before;
  const perSplit = -1 / (trees.count * averagePath(subsample));
  const checkWidth = (columns: number): void => {
    if (columns !== trees.columns) throw new InputError(`${columns} features, the forest was grown on ${trees.columns}: give the same ones in the same order`);
  };
  const self: IsolationForest = {
    subsample,
    threshold,
    trees,
    score(rows, into = new Float64Array(rows.rows)) {
      checkWidth(rows.columns);
      if (into.length < rows.rows) throw new InputError(`room for ${into.length} scores, ${rows.rows} are needed`);
      sumPaths(trees, rows.values, rows.rows, into);
      for (let row = 0; row < rows.rows; row++) into[row] = 2 ** ((into[row] as number) * perSplit);
      return into;
    },
    scoreOne(values, offset = 0) {
      if (offset + trees.columns > values.length) checkWidth(values.length - offset);
      return 2 ** (sumPathOfOne(trees, values, offset) * perSplit);
    },
    predict: (rows) => Uint8Array.from(self.score(rows), (score) => (score > threshold ? 1 : 0)),
    contributions(values, offset = 0, into = new Float64Array(trees.columns)) {
      if (offset + trees.columns > values.length) checkWidth(values.length - offset);
      if (into.length !== trees.columns) throw new InputError(`room for ${into.length} contributions, ${trees.columns} are needed`);
      into.fill(0);
      addContributions(trees, values, offset, into);
      for (let column = 0; column < trees.columns; column++) into[column] = (into[column] as number) / trees.count;
      return into;
    },
    update(window) {
      checkWidth(window.columns);
      const nursery: Nursery = { pool: wholeRows(window, subsample), subsample, featuresPerTree };
      growTree(trees.each[grown % trees.count] as IsolationTree, window, nursery, createRandom(seedOf(seed, grown)));
      grown++;
    },
    snapshot: () =>
      writeSnapshot(KIND, VERSION, [
        Float64Array.of(trees.count, trees.columns, trees.width, subsample, featuresPerTree, seed, grown, threshold),
        ...fieldsOf(trees),
      ]),
  };
  return self;
}

function fieldsOf({ all: { features, weights, thresholds, paths, centres } }: IsolationTrees): (Uint16Array | Float64Array)[] {
  return [features, weights, thresholds, paths, centres];
}

/** Each tree has its own seed, and forests of neighbouring seeds share none: the factor is 2^32 over the golden ratio. */
function seedOf(seed: number, tree: number): number {
  return Math.imul(seed, 0x9e3779b1) + tree;
}

function check(name: string, value: number, holds: boolean, right: string): void {
  if (!holds) throw new InputError(`${name} is ${value}: it must be ${right}`);
}
