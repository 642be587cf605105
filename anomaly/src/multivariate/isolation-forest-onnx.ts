/** An Isolation Forest as an ONNX model, for any runtime that knows the operators of ai.onnx.ml, version 3. */
import { createGraph, type Graph, type Value } from "../onnx/graph.ts";
import type { IsolationForest } from "./isolation-forest.ts";
import { averagePath, type IsolationTrees } from "./isolation-trees.ts";

/** Of the release of ONNX that brought trees of 64 bits (1.11, 2022); later runtimes know it as well. */
const FOREST_OPSET = { "": 17, "ai.onnx.ml": 3 } as const;

/**
 * Appends the forest to a graph. `features`: float64 [rows, columns], for thresholds are of 64 bits. Returns the scores, float32 [rows]: those of `score` to 32 bits, for
 * rows without a gap (a missing value must be filled before, as no operator ends a descent halfway).
 */
function appendForest(graph: Graph, forest: IsolationForest, features: Value): Value {
  const { trees, subsample } = forest;
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
  const scale = graph.constant("splits_to_exponent", Float32Array.of(-1 / averagePath(subsample)), [1]);
  const exponents = graph.node("Mul", [paths, scale]);
  const scores = graph.node("Pow", [graph.constant("base", Float32Array.of(2), [1]), exponents]);
  return graph.node("Squeeze", [scores, graph.constant("only_target", BigInt64Array.of(1n), [1])]);
}

/** The whole model: "features", float64 [rows, columns], to "score", float32 [rows]. */
export function isolationForestOnnx(forest: IsolationForest, producerVersion: string): Uint8Array {
  const graph = createGraph("isolation-forest");
  const features = graph.input("features", "float64", ["rows", forest.trees.columns]);
  graph.output("score", appendForest(graph, forest, features), "float32", ["rows"]);
  const metadata = { threshold: String(forest.threshold), subsample: String(forest.subsample) };
  return graph.model({ opset: FOREST_OPSET, producer: "kintsugi", producerVersion, metadata });
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
function treesAsNodes({ count, depth, features, thresholds, paths }: IsolationTrees): Nodes {
  const nodes: Nodes = { tree: [], id: [], feature: [], mode: [], threshold: [], below: [], above: [], leafTree: [], leaf: [], path: [] };
  const add = (tree: number, node: number): void => {
    const at = (tree << depth) + node;
    const threshold = node < 1 << depth ? (thresholds[at] as number) : Number.POSITIVE_INFINITY;
    const isLeaf = threshold === Number.POSITIVE_INFINITY;
    nodes.tree.push(tree);
    nodes.id.push(node - 1);
    nodes.mode.push(isLeaf ? "LEAF" : "BRANCH_LEQ");
    nodes.feature.push(isLeaf ? 0 : (features[at] as number));
    nodes.threshold.push(isLeaf ? 0 : threshold);
    nodes.below.push(isLeaf ? 0 : 2 * node - 1);
    nodes.above.push(isLeaf ? 0 : 2 * node);
    if (isLeaf) {
      nodes.leafTree.push(tree);
      nodes.leaf.push(node - 1);
      nodes.path.push(paths[(tree << (depth + 1)) + node] as number);
      return;
    }
    add(tree, 2 * node);
    add(tree, 2 * node + 1);
  };
  for (let tree = 0; tree < count; tree++) add(tree, 1);
  return nodes;
}
