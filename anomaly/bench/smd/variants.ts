/** The detector without one of its ingredients, or with another amount of it. */
import type { PcaParams } from "../../src/multivariate/pca.ts";

export const DEFAULT = "PCA of clipped robust scores";

/** Each differs from the first in one thing. */
export const VARIANTS: readonly (readonly [name: string, params: PcaParams])[] = [
  [DEFAULT, {}],
  ["no clipping", { clip: 1e6 }],
  ["clip at 5", { clip: 5 }],
  ["clip at 20", { clip: 20 }],
  ["mean and standard deviation", { scale: "standard" }],
  ["nothing learned after the fit", { horizon: 0 }],
  ["forgets in a week", { horizon: 10_080 }],
  ["incidents learned like the rest", { trust: Number.POSITIVE_INFINITY }],
  ["every row an independent one (no shrinkage)", { dependence: 1 }],
  ["20 rows an independent one", { dependence: 20 }],
  ["PCA residual alone (minor directions)", { subspace: "minor" }],
  ["Hotelling's T2 alone (major directions)", { subspace: "major" }],
  ["no moving means", { halfLives: [0] }],
  ["one moving mean, half-life 5", { halfLives: [5] }],
  ["moving means of 3 and 10", { halfLives: [0, 3, 10] }],
];
