/** Descends packed trees: how long the path of a vector is, and which features made it so. Nothing is allocated. */
import type { IsolationTrees } from "./isolation-trees.ts";

/** Rows that are taken through one tree before the next: they and the tree fit the processor's first cache. */
const BLOCK = 64;

/** Writes to `into` the path length of each row, summed over the trees. A value that is missing ends the descent at the mean path of the node that asks for it. */
export function sumPaths(trees: IsolationTrees, values: Float64Array, rows: number, into: Float64Array): void {
  const { count, columns } = trees;
  into.fill(0, 0, rows);
  for (let first = 0; first < rows; first += BLOCK) {
    const end = Math.min(first + BLOCK, rows);
    const fours = first + ((end - first) & ~3);
    for (let tree = 0; tree < count; tree++) {
      descendByFours(trees, tree, values, first, fours, into);
      for (let row = fours; row < end; row++) into[row] = (into[row] as number) + pathOf(trees, tree, values, row * columns);
    }
    for (let row = first; row < end; row++) {
      if (!hasGap(values, row * columns, columns)) continue;
      into[row] = 0;
      for (let tree = 0; tree < count; tree++) into[row] = (into[row] as number) + pathWithGaps(trees, tree, values, row * columns);
    }
  }
}

/** The path length of one vector that begins at `offset`, summed over the trees. */
export function sumPathOfOne(trees: IsolationTrees, values: Float64Array, offset: number): number {
  let sum = 0;
  if (hasGap(values, offset, trees.columns)) for (let tree = 0; tree < trees.count; tree++) sum += pathWithGaps(trees, tree, values, offset);
  else for (let tree = 0; tree < trees.count; tree++) sum += pathOf(trees, tree, values, offset);
  return sum;
}

/** Four rows at once: each step waits for the one before it, so that the processor works on the other three meanwhile. */
function descendByFours(
  { depth, columns, features, thresholds, paths }: IsolationTrees,
  tree: number,
  values: Float64Array,
  from: number,
  to: number,
  into: Float64Array,
): void {
  const base = tree << depth;
  const leaves = base << 1;
  for (let row = from; row < to; row += 4) {
    const start = row * columns;
    const second = start + columns;
    const third = second + columns;
    const fourth = third + columns;
    let a = 1;
    let b = 1;
    let c = 1;
    let d = 1;
    for (let level = 0; level < depth; level++) {
      a = a + a + +((values[start + (features[base + a] as number)] as number) > (thresholds[base + a] as number));
      b = b + b + +((values[second + (features[base + b] as number)] as number) > (thresholds[base + b] as number));
      c = c + c + +((values[third + (features[base + c] as number)] as number) > (thresholds[base + c] as number));
      d = d + d + +((values[fourth + (features[base + d] as number)] as number) > (thresholds[base + d] as number));
    }
    into[row] = (into[row] as number) + (paths[leaves + a] as number);
    into[row + 1] = (into[row + 1] as number) + (paths[leaves + b] as number);
    into[row + 2] = (into[row + 2] as number) + (paths[leaves + c] as number);
    into[row + 3] = (into[row + 3] as number) + (paths[leaves + d] as number);
  }
}

function pathOf({ depth, features, thresholds, paths }: IsolationTrees, tree: number, values: Float64Array, offset: number): number {
  const base = tree << depth;
  let node = 1;
  for (let level = 0; level < depth; level++)
    node = node + node + +((values[offset + (features[base + node] as number)] as number) > (thresholds[base + node] as number));
  return paths[(base << 1) + node] as number;
}

function pathWithGaps({ depth, features, thresholds, paths }: IsolationTrees, tree: number, values: Float64Array, offset: number): number {
  const base = tree << depth;
  let node = 1;
  for (let level = 0; level < depth; level++) {
    const value = values[offset + (features[base + node] as number)] as number;
    if (Number.isNaN(value)) break;
    node = 2 * node + +(value > (thresholds[base + node] as number));
  }
  return paths[(base << 1) + node] as number;
}

function hasGap(values: Float64Array, offset: number, columns: number): boolean {
  for (let column = 0; column < columns; column++) if (Number.isNaN(values[offset + column])) return true;
  return false;
}

/**
 * Adds to `into` by how many splits each feature shortened the path of a vector, summed over the trees: at each split, the mean path of the training rows that came to the node
 * less that of those on the vector's side. The steps of one tree telescope: the sum over features is the mean path of the tree's training rows less the vector's own
 * (A. Saabas, "Interpreting random forests", 2014, on path lengths).
 */
export function addContributions(
  { count, depth, features, thresholds, paths }: IsolationTrees,
  values: Float64Array,
  offset: number,
  into: Float64Array,
): void {
  for (let tree = 0; tree < count; tree++) {
    const base = tree << depth;
    const leaves = base << 1;
    let node = 1;
    for (let level = 0; level < depth; level++) {
      const feature = features[base + node] as number;
      const value = values[offset + feature] as number;
      if (Number.isNaN(value)) break;
      const child = 2 * node + +(value > (thresholds[base + node] as number));
      into[feature] = (into[feature] as number) + (paths[leaves + node] as number) - (paths[leaves + child] as number);
      node = child;
    }
  }
}
