/** Trees as scikit-learn stores them, packed as ours. */
import { averagePath, depthFor, emptyTrees, endAt, type IsolationTrees } from "../isolation-trees.ts";

/** Arrays of sklearn.tree's Tree, one entry per node; a leaf has no left child (-1). */
export interface ScikitTree {
  readonly left: readonly number[];
  readonly right: readonly number[];
  readonly feature: readonly number[];
  readonly threshold: readonly number[];
  readonly samples: readonly number[];
}

export function packTrees(trees: readonly ScikitTree[], subsample: number, columns: number): IsolationTrees {
  const packed = emptyTrees(trees.length, depthFor(subsample), columns);
  trees.forEach((tree, index) => {
    pack(packed, index, tree, 0, 1, 0);
  });
  return packed;
}

function pack(packed: IsolationTrees, index: number, tree: ScikitTree, from: number, node: number, level: number): number {
  const samples = tree.samples[from]!;
  const [left, right] = [tree.left[from]!, tree.right[from]!];
  if (left === -1) return endAt(packed, index, node, level + averagePath(samples));
  packed.features[(index << packed.depth) + node] = tree.feature[from]!;
  packed.thresholds[(index << packed.depth) + node] = tree.threshold[from]!;
  const below = pack(packed, index, tree, left, 2 * node, level + 1);
  const above = pack(packed, index, tree, right, 2 * node + 1, level + 1);
  const path = (tree.samples[left]! * below + tree.samples[right]! * above) / samples;
  packed.paths[(index << (packed.depth + 1)) + node] = path;
  return path;
}
