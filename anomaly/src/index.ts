/** Anomaly detection, forecasting and root-cause ranking on typed arrays: streaming and batch, pure, a library of its own. */

// What every part of it shares.
export { InputError } from "./input-error.ts";
export { type Matrix, matrix, matrixOfRows, rowOf } from "./matrix.ts";
export { normalCdf, normalQuantile, normalTail } from "./normal.ts";
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

// Streams: banks of many series, sample by sample.
export { type IntakeCounts, type SeriesKind, StreamBank } from "./streaming/stream-bank.ts";
export type { StreamParams } from "./streaming/stream-params.ts";
export { MEMBERS, type Member } from "./streaming/layout.ts";

// From scores to p-values, from p-values to alarms.
export { type AlarmBudget, levelFor, type PersistenceRule, rateForTick } from "./calibration/alarm-budget.ts";
export { AlarmGate, type AlarmGateParams } from "./calibration/alarm-gate.ts";
export { type Dependence, discoveryThreshold } from "./calibration/false-discovery.ts";
export { fitByLikelihood, fitByMoments, type Pareto, paretoLikelihood, paretoQuantile, paretoTail } from "./calibration/pareto-fit.ts";
export { ScoreCalibration, type ScoreCalibrationParams } from "./calibration/score-calibration.ts";
export { RateControl } from "./calibration/rate-control.ts";
export { Spot, type SpotParams, type SpotVerdict } from "./calibration/spot.ts";

// Many p-values, one answer.
export { combineP, votesOf } from "./ensemble/cauchy.ts";
export { MemberWeights, type MemberWeightsParams } from "./ensemble/member-weights.ts";
export { OwnerAnswers } from "./ensemble/owner-answers.ts";

// One series, by how new it is what it does.
export { NoveltyDetector, type NoveltyParams } from "./univariate/novelty-detector.ts";

// Vectors of many metrics: from named series to rows, for training and for serving.
export { checkFed, type Feature, type FeatureSchema } from "./multivariate/feature-schema.ts";
export { extractFeatures, type FeatureRows, type FeatureSpan, type NamedSeries } from "./multivariate/features.ts";

// Vectors of many metrics: Isolation Forest.
export { fitIsolationForest, type IsolationForest, type IsolationForestParams, restoreIsolationForest } from "./multivariate/isolation-forest.ts";
export { isolationForestOnnx } from "./multivariate/isolation-forest-onnx.ts";
export type { IsolationTrees } from "./multivariate/isolation-trees.ts";

// Vectors of many metrics: PCA of what an owner's metrics do together.
export { fitPca, Pca, type PcaParams, restorePca } from "./multivariate/pca.ts";
export type { Subspace } from "./multivariate/decayed-moments.ts";

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

// Axes of a covariance.
export { type SymmetricEigen, symmetricEigen } from "./linear-algebra/symmetric-eigen.ts";

// Vectors over time: an autoencoder of long short-term memory.
export {
  fitLstmAutoencoder,
  type LstmAutoencoder,
  type LstmChanges,
  type LstmScores,
  restoreLstmAutoencoder,
} from "./multivariate/lstm-autoencoder.ts";
export { lstmOnnx } from "./multivariate/lstm-onnx.ts";
export { LSTM_DEFAULTS, type LstmParams } from "./multivariate/lstm-params.ts";
export type { Scaling } from "./multivariate/lstm-scaling.ts";
export type { LstmModel } from "./multivariate/lstm-scoring.ts";
export type { LstmStream } from "./multivariate/lstm-stream.ts";
export type { Epoch } from "./multivariate/lstm-training.ts";

// Seasonal ARIMA.
export { Arima } from "./forecast/arima.ts";
export type { ArimaValues } from "./forecast/arima-values.ts";
export type { ArimaCoefficients, ArimaOrder, ArimaParams } from "./forecast/arima-order.ts";
export type { ArimaQuality } from "./forecast/arima-quality.ts";
export { type SelectParams, selectArima } from "./forecast/arima-select.ts";
