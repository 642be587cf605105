/** An Isolation Forest as an ONNX model, for any runtime that knows the operators of ai.onnx.ml, version 3. */
import { createGraph, type Graph, type Value } from "../onnx/graph.ts";
import type { IsolationForest } from "./isolation-forest.ts";
import { averagePath, type IsolationTree, type IsolationTrees } from "./isolation-trees.ts";

/** Of the release of ONNX that brought trees of 64 bits (1.11, 2022); later runtimes know it as well. */
const FOREST_OPSET = { "": 17, "ai.onnx.ml": 3 } as const;

/**
 * The model: "features", float64 [rows, columns], for thresholds are of 64 bits, to "score", float32 [rows]: that of `score` to 32 bits, for rows without a gap (a missing value
 * must be filled before: no operator ends a descent halfway). Plain forests are ONNX's own tree ensemble; extended ones are written out as matrix arithmetic.
 */
export function isolationForestOnnx(forest: IsolationForest, producerVersion: string): Uint8Array {
  const graph = createGraph("isolation-forest");
  const { trees, subsample, threshold } = forest;
  const features = graph.input("features", "float64", ["rows", trees.columns]);
  const paths = trees.width === 1 ? meanPathOfEnsemble(graph, trees, features) : meanPathOfExtended(graph, trees, features);
  const exponents = graph.node("Mul", [paths, graph.constant("splits_to_exponent", Float32Array.of(-1 / averagePath(subsample)), [1])]);
  const scores = graph.node("Pow", [graph.constant("base", Float32Array.of(2), [1]), exponents]);
  graph.output("score", scores, "float32", ["rows"]);
  const metadata = { threshold: String(threshold), subsample: String(subsample) };
  return graph.model({ opset: FOREST_OPSET, producer: "kintsugi", producerVersion, metadata });
}

function meanPathOfEnsemble(graph: Graph, trees: IsolationTrees, features: Value): Value {
  const nodes = treesAsNodes(trees);
  const paths = graph.node("TreeEnsembleRegressor", [features], {
    domain: "ai.onnx.ml",
    attributes: {
      n_targets: { whole: 1 },
      aggregate_function: { text: "AVERAGE" },
      nodes_treeids: { wholes: nodes.tree },
      nodes_nodeids: { wholes: nodes.id },
      nodes_featureids: { wholes: nodes.feature },
      nodes_modes: { texts: nodes.mode },
      nodes_values_as_tensor: { tensor: Float64Array.from(nodes.threshold), shape: [nodes.id.length] },
      nodes_truenodeids: { wholes: nodes.below },
      nodes_falsenodeids: { wholes: nodes.above },
      target_treeids: { wholes: nodes.leafTree },
      target_nodeids: { wholes: nodes.leaf },
      target_ids: { wholes: nodes.leaf.map(() => 0) },
      target_weights_as_tensor: { tensor: Float64Array.from(nodes.path), shape: [nodes.path.length] },
    },
  });
  return graph.node("Squeeze", [paths, graph.constant("only_target", BigInt64Array.of(1n), [1])]);
}

/** Every weighted sum of every tree at once, then from the root of each tree down by the sides that they say. */
function meanPathOfExtended(graph: Graph, trees: IsolationTrees, features: Value): Value {
  const { count, depth } = trees;
  const { paths, thresholds } = trees.all;
  const splits = count << depth;
  const sums = graph.node("MatMul", [features, graph.constant("weights", denseWeights(trees), [trees.columns, splits])]);
  const greater = graph.node("Greater", [sums, graph.constant("thresholds", thresholds, [1, splits])]);
  const sides = graph.node("Cast", [greater], { attributes: { to: { whole: 7 } } });
  const firstOf = (shift: number): BigInt64Array => BigInt64Array.from({ length: count }, (_, tree) => BigInt(tree) << BigInt(shift));
  const bases = graph.constant("first_split_of_tree", firstOf(depth), [count]);
  const one = graph.constant("root", BigInt64Array.of(1n), [1]);
  const two = graph.constant("children", BigInt64Array.of(2n), [1]);
  const axis = { attributes: { axis: { whole: 1 } } };
  let node = graph.node("Add", [two, graph.node("Gather", [sides, graph.node("Add", [bases, one])], axis)]);
  for (let level = 1; level < depth; level++) {
    const side = graph.node("GatherElements", [sides, graph.node("Add", [bases, node])], axis);
    node = graph.node("Add", [graph.node("Mul", [node, two]), side]);
  }
  const leaves = graph.node("Add", [node, graph.constant("first_path_of_tree", firstOf(depth + 1), [count])]);
  const lengths = graph.node("Gather", [graph.constant("paths", paths, [paths.length]), leaves]);
  const mean = graph.node("ReduceMean", [lengths], { attributes: { axes: { wholes: [1] }, keepdims: { whole: 0 } } });
  return graph.node("Cast", [mean], { attributes: { to: { whole: 1 } } });
}

/** `[column * splits + split]`: the weight that a split gives to a column, which is 0 for most. */
function denseWeights({ count, depth, columns, width, all: { features, weights } }: IsolationTrees): Float64Array {
  const splits = count << depth;
  const dense = new Float64Array(columns * splits);
  for (let index = 0; index < splits * width; index++) {
    const weight = weights[index] as number;
    if (weight !== 0) dense[(features[index] as number) * splits + Math.floor(index / width)] = weight;
  }
  return dense;
}

interface Nodes {
  readonly tree: number[];
  readonly id: number[];
  readonly feature: number[];
  readonly mode: string[];
  readonly threshold: number[];
  readonly below: number[];
  readonly above: number[];
  readonly leafTree: number[];
  readonly leaf: number[];
  readonly path: number[];
}

/** Unpacks: only the nodes that part something, and the leaves where they came. A node keeps its number, less one. */
function treesAsNodes({ each }: IsolationTrees): Nodes {
  const nodes: Nodes = { tree: [], id: [], feature: [], mode: [], threshold: [], below: [], above: [], leafTree: [], leaf: [], path: [] };
  const add = (index: number, tree: IsolationTree, node: number): void => {
    const { features, thresholds, paths } = tree;
    const threshold = thresholds[node] ?? Number.POSITIVE_INFINITY;
    const isLeaf = threshold === Number.POSITIVE_INFINITY;
    nodes.tree.push(index);
    nodes.id.push(node - 1);
    nodes.mode.push(isLeaf ? "LEAF" : "BRANCH_LEQ");
    nodes.feature.push(isLeaf ? 0 : (features[node] as number));
    nodes.threshold.push(isLeaf ? 0 : threshold);
    nodes.below.push(isLeaf ? 0 : 2 * node - 1);
    nodes.above.push(isLeaf ? 0 : 2 * node);
    if (isLeaf) {
      nodes.leafTree.push(index);
      nodes.leaf.push(node - 1);
      nodes.path.push(paths[node] as number);
      return;
    }
    add(index, tree, 2 * node);
    add(index, tree, 2 * node + 1);
  };
  each.forEach((tree, index) => {
    add(index, tree, 1);
  });
  return nodes;
}
