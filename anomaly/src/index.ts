/** Anomaly detection, forecasting and root-cause ranking on typed arrays: streaming and batch, pure, a library of its own. */

// What every part of it shares.
export { InputError } from "./input-error.ts";
// Axes of a covariance.
export { type SymmetricEigen, symmetricEigen } from "./linear-algebra/symmetric-eigen.ts";
export { type Matrix, matrix, matrixOfRows, rowOf } from "./matrix.ts";
// From named series to rows of vectors, for training and for serving.
export { checkFed, type Feature, type FeatureSchema } from "./multivariate/feature-schema.ts";
export { extractFeatures, type FeatureRows, type FeatureSpan, type NamedSeries } from "./multivariate/features.ts";
// Isolation Forest.
export { fitIsolationForest, type IsolationForest, type IsolationForestParams, restoreIsolationForest } from "./multivariate/isolation-forest.ts";
export { isolationForestOnnx } from "./multivariate/isolation-forest-onnx.ts";
export type { IsolationTrees } from "./multivariate/isolation-trees.ts";
export { normalCdf, normalQuantile, normalTail } from "./normal.ts";
// ONNX files, written.
export {
  type Attribute,
  createGraph,
  type Dimension,
  type ElementType,
  type Graph,
  type ModelOptions,
  type NodeOptions,
  type TensorValues,
  type Value,
} from "./onnx/graph.ts";
export { createRandom, type Random } from "./random.ts";
export { readSnapshot, type SnapshotReader, writeSnapshot } from "./snapshot.ts";

// One sample against a window of its own past.
export { median, medianAbsoluteDeviation, robustScore } from "./robust-score.ts";

// Seasons and trends.
export type { Forecast } from "./forecast/forecast.ts";
export { HoltWinters, type HoltWintersParams } from "./forecast/holt-winters.ts";
export { type Decomposition, type StlParams, stl, strengths } from "./forecast/stl.ts";

// Capacity.
export { type LimitForecast, type LimitVerdict, type TimeToLimitParams, timeToLimit } from "./forecast/time-to-limit.ts";
export { type SenSlope, senSlope } from "./forecast/sen-slope.ts";
export { UsageHistogram, type UsageHistogramParams } from "./forecast/usage-histogram.ts";
export { MemoryPeaks } from "./forecast/memory-peaks.ts";
export { type RightSize, type RightSizeParams, rightSize } from "./forecast/right-size.ts";

// The shape of a window.
export { type DominantPeriodParams, dominantPeriod } from "./window/dominant-period.ts";
export { SubPca, type SubPcaParams } from "./window/sub-pca.ts";

// When a series changed, as it is sampled and afterwards.
export { CHANGES, type ChangeKind, type CusumBank, type CusumParams, createCusum } from "./change-points/cusum.ts";
export { type ChangePoint, changePoints } from "./change-points/change-points.ts";
export { averageRunLength, thresholdFor } from "./change-points/average-run-length.ts";

// Which node explains an incident.
export { type Candidate, type EvidenceAgainst, type EvidenceFor, rankRootCauses, type RankParams } from "./root-cause/rank.ts";
export type { Change, Dependency, Incident, MetricSeries, Spread } from "./root-cause/incident.ts";
export { type EvidenceParams, type MetricEvidence, metricEvidence } from "./root-cause/metric-evidence.ts";

// Seasonal ARIMA.
export { Arima } from "./forecast/arima.ts";
export type { ArimaValues } from "./forecast/arima-values.ts";
export type { ArimaCoefficients, ArimaOrder, ArimaParams } from "./forecast/arima-order.ts";
export type { ArimaQuality } from "./forecast/arima-quality.ts";
export { type SelectParams, selectArima } from "./forecast/arima-select.ts";
