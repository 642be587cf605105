/**
 * Trees of an Isolation Forest, packed: F. T. Liu, K. M. Ting, Z.-H. Zhou, "Isolation Forest" (ICDM 2008).
 *
 * A tree of at most 2^depth leaves is stored as if it were full: node 1 is the root, the children of `node` are `2 node` and `2 node + 1`, and every descent takes exactly `depth`
 * steps, none of which is a jump that the processor could guess wrong. Below a leaf that came early, splits send everything to the left, and all nodes repeat its path length.
 * Thresholds are of 64 bits, unlike scikit-learn's inputs: a metric of bytes that moves by a few thousand around 10^10 would have three values left in 32 bits.
 */
import { InputError } from "../input-error.ts";
import type { Matrix } from "../matrix.ts";
import type { Random } from "../random.ts";

export interface IsolationTrees {
  readonly count: number;
  /** Steps from the root to a leaf; ceil(log2(rows that a tree was grown on)). */
  readonly depth: number;
  /** Features of a vector. */
  readonly columns: number;
  /** `[tree << depth | node]`: the feature that a node asks for. Entry 0 of each tree is not used. */
  readonly features: Uint16Array;
  /** `[tree << depth | node]`: a vector whose feature is greater goes to `2 node + 1`. */
  readonly thresholds: Float64Array;
  /** `[tree << (depth + 1) | node]`: the mean path length of the training rows that came to this node; of a leaf, its own. In splits. */
  readonly paths: Float64Array;
}

/** Room for trees; they answer nothing before they are grown. */
export function emptyTrees(count: number, depth: number, columns: number): IsolationTrees {
  return {
    count,
    depth,
    columns,
    features: new Uint16Array(count << depth),
    thresholds: new Float64Array(count << depth),
    paths: new Float64Array(count << (depth + 1)),
  };
}

/** The depth of trees that are grown on so many rows: the mean depth of a tree whose splits are balanced, beyond which only normal rows are left (section 4.1). */
export function depthFor(rows: number): number {
  return Math.ceil(Math.log2(rows));
}

const EULER_GAMMA = 0.5772156649015329;

/**
 * c(n): the mean path length of an unsuccessful search in a binary search tree of n rows, 2 H(n-1) - 2 (n-1)/n with H(i) ~ ln i + gamma (equation 1),
 * which stands for the splits that a tree was not grown to. In splits.
 */
export function averagePath(rows: number): number {
  if (rows <= 1) return 0;
  return rows === 2 ? 1 : 2 * (Math.log(rows - 1) + EULER_GAMMA) - (2 * (rows - 1)) / rows;
}

/** What growing works on, made once for all trees of a forest. */
export interface Nursery {
  /** Rows that may be drawn: their numbers, in any order. */
  readonly pool: Int32Array;
  /** Rows for each tree. */
  readonly subsample: number;
  /** Features that each tree may ask for. */
  readonly featuresPerTree: number;
}

/** Rows of `rows` without a gap. Throws InputError where a value is infinite, or where fewer than `least` rows are whole. */
export function wholeRows({ rows, columns, values }: Matrix, least: number): Int32Array {
  const whole = new Int32Array(rows);
  const gaps = new Int32Array(columns);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    let missing = false;
    for (let column = 0; column < columns; column++) {
      const value = values[row * columns + column] as number;
      if (value - value === 0) continue;
      if (!Number.isNaN(value)) throw new InputError(`row ${row}, column ${column} is ${value}: give a finite number, or NaN where it is missing`);
      missing = true;
      gaps[column] = (gaps[column] as number) + 1;
    }
    if (!missing) whole[count++] = row;
  }
  if (count < least) {
    const worst = gaps.indexOf(Math.max(...gaps));
    const why = columns > 0 && (gaps[worst] as number) > 0 ? `; column ${worst} is missing in ${gaps[worst]} of ${rows}: leave it out or fill it` : "";
    throw new InputError(`${count} rows without a gap, at least ${least} are needed${why}`);
  }
  return whole.subarray(0, count);
}

/** Grows tree number `tree` anew on rows that `random` draws without replacement. Changes the order of the pool. */
export function growTree(
  trees: IsolationTrees,
  tree: number,
  { values, columns }: Matrix,
  { pool, subsample, featuresPerTree }: Nursery,
  random: Random,
): void {
  shuffleFirst(pool, subsample, random);
  const candidates = Int32Array.from({ length: columns }, (_, column) => column);
  shuffleFirst(candidates, featuresPerTree, random);
  // Of each feature its rows together: a node reads one feature of all its rows.
  const sample = new Float64Array(featuresPerTree * subsample);
  const placeOf = new Int32Array(columns);
  for (let place = 0; place < featuresPerTree; place++) {
    const column = candidates[place] as number;
    placeOf[column] = place * subsample;
    for (let index = 0; index < subsample; index++) sample[place * subsample + index] = values[(pool[index] as number) * columns + column] as number;
  }
  const members = Int32Array.from({ length: subsample }, (_, index) => index);
  grow({ trees, tree, sample, placeOf, members, candidates, random }, 1, 0, subsample, featuresPerTree);
}

interface Growth {
  readonly trees: IsolationTrees;
  readonly tree: number;
  readonly sample: Float64Array;
  /** Where in the sample a feature begins. */
  readonly placeOf: Int32Array;
  /** Rows of the sample, those of one node beside one another. */
  readonly members: Int32Array;
  readonly candidates: Int32Array;
  readonly random: Random;
}

/** Grows the node on members `from` to `to`, of which the first `varying` candidates may vary. Returns the mean path length of its rows. */
function grow(growth: Growth, node: number, from: number, to: number, varying: number): number {
  const { trees, tree, members, sample, candidates, placeOf, random } = growth;
  const level = 31 - Math.clz32(node);
  if (level === trees.depth || to - from < 2) return endAt(trees, tree, node, level + averagePath(to - from));
  for (let left = varying; left > 0; left--) {
    const drawn = random.below(left);
    const feature = candidates[drawn] as number;
    const start = placeOf[feature] as number;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let index = from; index < to; index++) {
      const value = sample[start + (members[index] as number)] as number;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (low === high) {
      // Constant here, so constant below: behind those that vary, where no descendant looks.
      candidates[drawn] = candidates[left - 1] as number;
      candidates[left - 1] = feature;
      continue;
    }
    const between = low + random.next() * (high - low);
    const threshold = between < high ? between : low;
    const middle = partition(members, from, to, sample, start, threshold);
    trees.features[(tree << trees.depth) + node] = feature;
    trees.thresholds[(tree << trees.depth) + node] = threshold;
    const below = grow(growth, 2 * node, from, middle, left);
    const above = grow(growth, 2 * node + 1, middle, to, left);
    const path = ((middle - from) * below + (to - middle) * above) / (to - from);
    trees.paths[(tree << (trees.depth + 1)) + node] = path;
    return path;
  }
  return endAt(trees, tree, node, level + averagePath(to - from));
}

/** Makes `node` a leaf, with all that would be below it. */
export function endAt({ depth, features, thresholds, paths }: IsolationTrees, tree: number, node: number, path: number): number {
  for (let first = node, width = 1; first < 2 << depth; first *= 2, width *= 2) {
    const at = (tree << (depth + 1)) + first;
    paths.fill(path, at, at + width);
    if (first >= 1 << depth) break;
    features.fill(0, (tree << depth) + first, (tree << depth) + first + width);
    thresholds.fill(Number.POSITIVE_INFINITY, (tree << depth) + first, (tree << depth) + first + width);
  }
  return path;
}

/** Puts the members that do not exceed the threshold first; returns where the others begin. */
function partition(members: Int32Array, from: number, to: number, sample: Float64Array, start: number, threshold: number): number {
  let middle = from;
  for (let index = from; index < to; index++) {
    const member = members[index] as number;
    if ((sample[start + member] as number) > threshold) continue;
    members[index] = members[middle] as number;
    members[middle++] = member;
  }
  return middle;
}

/** Draws `count` of the entries without replacement to the front (R. Durstenfeld, "Algorithm 235", 1964). */
function shuffleFirst(entries: Int32Array, count: number, random: Random): void {
  for (let index = 0; index < count; index++) {
    const other = index + random.below(entries.length - index);
    const kept = entries[index] as number;
    entries[index] = entries[other] as number;
    entries[other] = kept;
  }
}
