/** Descends packed trees: how long the path of a vector is, and which features made it so. Nothing is allocated. */
import type { IsolationTree, IsolationTrees } from "./isolation-trees.ts";

/** Numbers of a block of rows, which are taken through one tree before the next: they and the tree fit the processor's first cache. */
const BLOCK = 4_096;

/** Writes to `into` the path length of each row, summed over the trees. A value that is missing ends the descent at the mean path of the node that asks for it. */
export function sumPaths(trees: IsolationTrees, values: Float64Array, rows: number, into: Float64Array): void {
  const { columns, width, depth, each } = trees;
  const block = Math.max(1, (BLOCK >> 3) >> (31 - Math.clz32(columns))) << 3;
  into.fill(0, 0, rows);
  for (let first = 0; first < rows; first += block) {
    const end = Math.min(first + block, rows);
    const together = first + ((end - first) & ~7);
    for (const tree of each) {
      if (width === 1) descendByEights(tree, depth, columns, values, first, together, into);
      else descendByFours(tree, depth, columns, values, first, together, into);
    }
    for (let row = first; row < end; row++)
      if (row >= together || !isWhole(values, row * columns, columns)) into[row] = sumPathOfOne(trees, values, row * columns);
  }
}

/** The path length of one vector that begins at `offset`, summed over the trees. */
export function sumPathOfOne(trees: IsolationTrees, values: Float64Array, offset: number): number {
  const { depth, width, columns, each } = trees;
  const whole = isWhole(values, offset, columns);
  if (whole && width === 1) return sumPathOfWhole(trees, values, offset);
  let sum = 0;
  for (const tree of each) sum += pathOf(tree, depth, width, values, offset, whole);
  return sum;
}

/** Of one vector without a gap. The trees come one after the other out of three arrays: to fetch a hundred small ones takes longer than to descend them. */
function sumPathOfWhole({ count, depth, all: { features, thresholds, paths } }: IsolationTrees, values: Float64Array, offset: number): number {
  let sum = 0;
  for (let tree = 0; tree < count; tree++) {
    const base = tree << depth;
    let node = 1;
    for (let level = 0; level < depth; level++)
      node = node + node + +((values[offset + (features[base + node] as number)] as number) > (thresholds[base + node] as number));
    sum += paths[base + base + node] as number;
  }
  return sum;
}

/** Eight rows at once: each step waits for the one before it, and meanwhile the processor works on the other seven. */
function descendByEights(
  { features, thresholds, paths }: IsolationTree,
  depth: number,
  columns: number,
  values: Float64Array,
  from: number,
  to: number,
  into: Float64Array,
): void {
  for (let row = from; row < to; row += 8) {
    const row0 = row * columns;
    const row1 = row0 + columns;
    const row2 = row1 + columns;
    const row3 = row2 + columns;
    const row4 = row3 + columns;
    const row5 = row4 + columns;
    const row6 = row5 + columns;
    const row7 = row6 + columns;
    let a = 1;
    let b = 1;
    let c = 1;
    let d = 1;
    let e = 1;
    let f = 1;
    let g = 1;
    let h = 1;
    for (let level = 0; level < depth; level++) {
      a = a + a + +((values[row0 + (features[a] as number)] as number) > (thresholds[a] as number));
      b = b + b + +((values[row1 + (features[b] as number)] as number) > (thresholds[b] as number));
      c = c + c + +((values[row2 + (features[c] as number)] as number) > (thresholds[c] as number));
      d = d + d + +((values[row3 + (features[d] as number)] as number) > (thresholds[d] as number));
      e = e + e + +((values[row4 + (features[e] as number)] as number) > (thresholds[e] as number));
      f = f + f + +((values[row5 + (features[f] as number)] as number) > (thresholds[f] as number));
      g = g + g + +((values[row6 + (features[g] as number)] as number) > (thresholds[g] as number));
      h = h + h + +((values[row7 + (features[h] as number)] as number) > (thresholds[h] as number));
    }
    into[row] = (into[row] as number) + (paths[a] as number);
    into[row + 1] = (into[row + 1] as number) + (paths[b] as number);
    into[row + 2] = (into[row + 2] as number) + (paths[c] as number);
    into[row + 3] = (into[row + 3] as number) + (paths[d] as number);
    into[row + 4] = (into[row + 4] as number) + (paths[e] as number);
    into[row + 5] = (into[row + 5] as number) + (paths[f] as number);
    into[row + 6] = (into[row + 6] as number) + (paths[g] as number);
    into[row + 7] = (into[row + 7] as number) + (paths[h] as number);
  }
}

/** Four rows at once through a tree whose nodes weigh several features. */
function descendByFours(
  { features, weights, thresholds, paths }: IsolationTree,
  depth: number,
  columns: number,
  values: Float64Array,
  from: number,
  to: number,
  into: Float64Array,
): void {
  const width = features.length / thresholds.length;
  for (let row = from; row < to; row += 4) {
    const row0 = row * columns;
    const row1 = row0 + columns;
    const row2 = row1 + columns;
    const row3 = row2 + columns;
    let a = 1;
    let b = 1;
    let c = 1;
    let d = 1;
    for (let level = 0; level < depth; level++) {
      let sumA = 0;
      let sumB = 0;
      let sumC = 0;
      let sumD = 0;
      for (let k = 0; k < width; k++) {
        sumA += (weights[a * width + k] as number) * (values[row0 + (features[a * width + k] as number)] as number);
        sumB += (weights[b * width + k] as number) * (values[row1 + (features[b * width + k] as number)] as number);
        sumC += (weights[c * width + k] as number) * (values[row2 + (features[c * width + k] as number)] as number);
        sumD += (weights[d * width + k] as number) * (values[row3 + (features[d * width + k] as number)] as number);
      }
      a = a + a + +(sumA > (thresholds[a] as number));
      b = b + b + +(sumB > (thresholds[b] as number));
      c = c + c + +(sumC > (thresholds[c] as number));
      d = d + d + +(sumD > (thresholds[d] as number));
    }
    into[row] = (into[row] as number) + (paths[a] as number);
    into[row + 1] = (into[row + 1] as number) + (paths[b] as number);
    into[row + 2] = (into[row + 2] as number) + (paths[c] as number);
    into[row + 3] = (into[row + 3] as number) + (paths[d] as number);
  }
}

function pathOf(tree: IsolationTree, depth: number, width: number, values: Float64Array, offset: number, whole: boolean): number {
  const { features, thresholds, paths } = tree;
  let node = 1;
  for (let level = 0; level < depth; level++) {
    const value = width === 1 ? (values[offset + (features[node] as number)] as number) : weightedSum(tree, width, node, values, offset);
    if (!whole && Number.isNaN(value)) break;
    node = node + node + +(value > (thresholds[node] as number));
  }
  return paths[node] as number;
}

/** What a node of an extended tree asks for. */
function weightedSum({ features, weights }: IsolationTree, width: number, node: number, values: Float64Array, offset: number): number {
  let sum = 0;
  for (let index = node * width, end = index + width; index < end; index++) {
    const weight = weights[index] as number;
    if (weight === 0) break;
    sum += weight * (values[offset + (features[index] as number)] as number);
  }
  return sum;
}

/** Whether all values are finite. */
function isWhole(values: Float64Array, offset: number, columns: number): boolean {
  for (let column = 0; column < columns; column++) {
    const value = values[offset + column] as number;
    if (value - value !== 0) return false;
  }
  return true;
}

/**
 * Adds to `into` by how many splits each feature shortened the path of a vector, summed over the trees: at each split, the mean path of the training rows that came to the node
 * less that of those on the vector's side. The steps of one tree telescope: the sum over features is the mean path of the tree's training rows less the vector's own
 * (A. Saabas, "Interpreting random forests", 2014, on path lengths). A split that asks for several features credits each by how far it moved the sum from the training rows' mean.
 */
export function addContributions({ depth, width, each }: IsolationTrees, values: Float64Array, offset: number, into: Float64Array): void {
  for (const tree of each) {
    const { features, thresholds, paths } = tree;
    let node = 1;
    for (let level = 0; level < depth; level++) {
      const feature = features[node * width] as number;
      const value = width === 1 ? (values[offset + feature] as number) : weightedSum(tree, width, node, values, offset);
      if (Number.isNaN(value)) break;
      const child = 2 * node + +(value > (thresholds[node] as number));
      const gain = (paths[node] as number) - (paths[child] as number);
      if (width === 1) into[feature] = (into[feature] as number) + gain;
      else if (gain !== 0) share(tree, width, node, values, offset, gain, into);
      node = child;
    }
  }
}

function share(
  { features, weights, centres }: IsolationTree,
  width: number,
  node: number,
  values: Float64Array,
  offset: number,
  gain: number,
  into: Float64Array,
): void {
  const moved = (index: number): number => {
    const feature = features[index] as number;
    return Math.abs((weights[index] as number) * ((values[offset + feature] as number) - (centres[feature] as number)));
  };
  const first = node * width;
  const end = first + width;
  let total = 0;
  for (let index = first; index < end && weights[index] !== 0; index++) total += moved(index);
  if (total === 0 || total === Number.POSITIVE_INFINITY) {
    const feature = features[first] as number;
    into[feature] = (into[feature] as number) + gain;
    return;
  }
  for (let index = first; index < end && weights[index] !== 0; index++) {
    const feature = features[index] as number;
    into[feature] = (into[feature] as number) + gain * (moved(index) / total);
  }
}
