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

/** One tree; its arrays are parts of those of all trees. */
export interface IsolationTree {
  /** `[node * width + k]`: the features that a node asks for. Node 0 is not used. */
  readonly features: Uint16Array;
  /** As `features`: what each is multiplied by before they are added; 0 ends a node that asks for fewer. Empty where a node asks for one, which is taken as it is. */
  readonly weights: Float64Array;
  /** `[node]`: a vector whose feature, or weighted sum, is greater goes to `2 node + 1`. */
  readonly thresholds: Float64Array;
  /** `[node]`: the mean path length of the training rows that came to it; of a leaf, its own. In splits. Twice as long as `thresholds`. */
  readonly paths: Float64Array;
  /** `[column]`: the mean of a feature over the rows that an extended tree was grown on; empty where a node asks for one. */
  readonly centres: Float64Array;
}

export interface IsolationTrees {
  readonly count: number;
  /** Steps from the root to a leaf; ceil(log2(rows that a tree was grown on)). */
  readonly depth: number;
  /** Features of a vector. */
  readonly columns: number;
  /** Features that a node asks for: 1, or more in an extended forest. */
  readonly width: number;
  /** The arrays of all trees, one tree after the other. */
  readonly all: IsolationTree;
  readonly each: readonly IsolationTree[];
}

/** Room for trees; they answer nothing before they are grown. */
export function emptyTrees(count: number, depth: number, columns: number, width = 1): IsolationTrees {
  const nodes = 1 << depth;
  const extended = width === 1 ? 0 : 1;
  const all = {
    features: new Uint16Array(count * nodes * width),
    weights: new Float64Array(count * nodes * width * extended),
    thresholds: new Float64Array(count * nodes),
    paths: new Float64Array(count * nodes * 2),
    centres: new Float64Array(count * columns * extended),
  };
  const part = (length: number, tree: number): [number, number] => [(length / count) * tree, (length / count) * (tree + 1)];
  const each = Array.from({ length: count }, (_, tree) => ({
    features: all.features.subarray(...part(all.features.length, tree)),
    weights: all.weights.subarray(...part(all.weights.length, tree)),
    thresholds: all.thresholds.subarray(...part(all.thresholds.length, tree)),
    paths: all.paths.subarray(...part(all.paths.length, tree)),
    centres: all.centres.subarray(...part(all.centres.length, tree)),
  }));
  return { count, depth, columns, width, all, each };
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

/** Grows a tree anew on rows that `random` draws without replacement. Changes the order of the pool. */
export function growTree(tree: IsolationTree, { values, columns }: Matrix, { pool, subsample, featuresPerTree }: Nursery, random: Random): void {
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
  const width = tree.features.length / tree.thresholds.length;
  const scales = width === 1 ? undefined : measure(tree, sample, candidates.subarray(0, featuresPerTree), subsample);
  grow({ tree, width, sample, placeOf, members, candidates, scales, sums: new Float64Array(subsample), random }, 1, 0, subsample, featuresPerTree);
}

interface Growth {
  readonly tree: IsolationTree;
  readonly width: number;
  readonly sample: Float64Array;
  /** Where in the sample a feature begins. */
  readonly placeOf: Int32Array;
  /** Rows of the sample, those of one node beside one another. */
  readonly members: Int32Array;
  readonly candidates: Int32Array;
  /** Standard deviation of each feature, where weighted sums are asked for. */
  readonly scales: Float64Array | undefined;
  /** Of each row of the sample, what the node under way asks for. */
  readonly sums: Float64Array;
  readonly random: Random;
}

/** Grows the node on members `from` to `to`, of which the first `varying` candidates may vary. Returns the mean path length of its rows. */
function grow(growth: Growth, node: number, from: number, to: number, varying: number): number {
  const { tree, members, sums, random } = growth;
  const level = 31 - Math.clz32(node);
  const pathHere = level + averagePath(to - from);
  if (node >= tree.thresholds.length || to - from < 2) return endAt(tree, node, pathHere);
  const left = choose(growth, node, from, to, varying);
  const [low, high] = left === 0 ? [0, 0] : rangeOf(sums, members, from, to);
  if (!(low < high)) return endAt(tree, node, pathHere);
  const between = low + random.next() * (high - low);
  const threshold = between < high ? between : low;
  const middle = partition(members, from, to, sums, threshold);
  tree.thresholds[node] = threshold;
  const below = grow(growth, 2 * node, from, middle, left);
  const above = grow(growth, 2 * node + 1, middle, to, left);
  const path = ((middle - from) * below + (to - middle) * above) / (to - from);
  tree.paths[node] = path;
  return path;
}

/** Draws the features that the node asks for, among those that vary in it, and sums them up for its members. Returns how many candidates may still vary below. */
function choose(growth: Growth, node: number, from: number, to: number, varying: number): number {
  const { tree, width, members, sample, candidates, placeOf, scales, sums, random } = growth;
  const at = node * width;
  let chosen = 0;
  let left = varying;
  while (chosen < width && chosen < left) {
    const drawn = chosen + random.below(left - chosen);
    const feature = candidates[drawn] as number;
    const start = placeOf[feature] as number;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let index = from; index < to; index++) {
      const value = sample[start + (members[index] as number)] as number;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    const constant = low === high;
    const weight = constant ? 0 : scales === undefined ? 1 : random.normal() / (scales[feature] as number);
    // Constant here, so constant below, or so far apart, or so close, that its deviation is no number: behind those that vary, where no descendant looks. The others go to the front.
    const isUsed = weight !== 0 && Number.isFinite(weight);
    const place = isUsed ? chosen : --left;
    candidates[drawn] = candidates[place] as number;
    candidates[place] = feature;
    if (!isUsed) continue;
    tree.features[at + chosen] = feature;
    if (scales !== undefined) tree.weights[at + chosen] = weight;
    for (let index = from; index < to; index++) {
      const member = members[index] as number;
      sums[member] = (chosen === 0 ? 0 : (sums[member] as number)) + weight * (sample[start + member] as number);
    }
    chosen++;
  }
  if (scales !== undefined) tree.weights.fill(0, at + chosen, at + width);
  return left;
}

function rangeOf(sums: Float64Array, members: Int32Array, from: number, to: number): [low: number, high: number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let index = from; index < to; index++) {
    const sum = sums[members[index] as number] as number;
    if (sum < low) low = sum;
    if (sum > high) high = sum;
  }
  return [low, high];
}

/** Standard deviation of each of the tree's features over its rows; their means become its centres. */
function measure({ centres }: IsolationTree, sample: Float64Array, chosen: Int32Array, subsample: number): Float64Array {
  const scales = new Float64Array(centres.length);
  chosen.forEach((column, place) => {
    const values = sample.subarray(place * subsample, (place + 1) * subsample);
    const mean = values.reduce((sum, value) => sum + value / subsample, 0);
    centres[column] = mean;
    scales[column] = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2 / subsample, 0));
  });
  return scales;
}

/** Makes `node` a leaf, with all that would be below it. */
export function endAt({ features, weights, thresholds, paths }: IsolationTree, node: number, path: number): number {
  const width = features.length / thresholds.length;
  for (let first = node, across = 1; first < paths.length; first *= 2, across *= 2) {
    paths.fill(path, first, first + across);
    if (first >= thresholds.length) break;
    features.fill(0, first * width, (first + across) * width);
    weights.fill(0, first * width, (first + across) * width);
    thresholds.fill(Number.POSITIVE_INFINITY, first, first + across);
  }
  return path;
}

/** Puts the members that do not exceed the threshold first; returns where the others begin. */
function partition(members: Int32Array, from: number, to: number, sums: Float64Array, threshold: number): number {
  let middle = from;
  for (let index = from; index < to; index++) {
    const member = members[index] as number;
    if ((sums[member] as number) > threshold) continue;
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
