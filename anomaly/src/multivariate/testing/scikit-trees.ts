/** Trees as scikit-learn stores them, packed as ours. */
import { averagePath, depthFor, emptyTrees, endAt, type IsolationTree, type IsolationTrees } from "../isolation-trees.ts";

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
    pack(packed.each[index]!, tree, 0, 1, 0);
  });
  return packed;
}

function pack(packed: IsolationTree, tree: ScikitTree, from: number, node: number, level: number): number {
  const samples = tree.samples[from]!;
  const [left, right] = [tree.left[from]!, tree.right[from]!];
  if (left === -1) return endAt(packed, node, level + averagePath(samples));
  packed.features[node] = tree.feature[from]!;
  packed.thresholds[node] = tree.threshold[from]!;
  const below = pack(packed, tree, left, 2 * node, level + 1);
  const above = pack(packed, tree, right, 2 * node + 1, level + 1);
  const path = (tree.samples[left]! * below + tree.samples[right]! * above) / samples;
  packed.paths[node] = path;
  return path;
}
