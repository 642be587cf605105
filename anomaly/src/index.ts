/** Anomaly detection, forecasting and root-cause ranking on typed arrays: streaming and batch, pure, a library of its own. */

// When a series changed, as it is sampled and afterwards.
export { averageRunLength, thresholdFor } from "./change-points/average-run-length.ts";
export { type ChangePoint, changePoints } from "./change-points/change-points.ts";
export { CHANGES, type ChangeKind, type CusumBank, type CusumParams, createCusum } from "./change-points/cusum.ts";
// What every part of it shares.
export { InputError } from "./input-error.ts";
export { type Matrix, matrix, matrixOfRows, rowOf } from "./matrix.ts";
export { normalCdf, normalQuantile, normalTail } from "./normal.ts";
export { createRandom, type Random } from "./random.ts";
// One sample against a window of its own past.
export { median, medianAbsoluteDeviation, robustScore } from "./robust-score.ts";
export { readSnapshot, type SnapshotReader, writeSnapshot } from "./snapshot.ts";
