/** Anomaly detection, forecasting and root-cause ranking on typed arrays: streaming and batch, pure, a library of its own. */

// What comes next: forecasts, and how far a sample is from what was expected of it.
export { Arima, type ArimaValues, arimaFrom, fitArima, MOST_STANDARDISED, restoreArima } from "./forecast/arima.ts";
export { type ArimaCoefficients, type ArimaOrder, type ArimaParams, arimaOrder, nameOfOrder } from "./forecast/arima-order.ts";
export type { ArimaQuality } from "./forecast/arima-quality.ts";
export { type SelectParams, selectArima } from "./forecast/arima-select.ts";
export type { Forecast } from "./forecast/forecast.ts";
// What every part of it shares.
export { InputError } from "./input-error.ts";
export { type Matrix, matrix, matrixOfRows, rowOf } from "./matrix.ts";
export { normalCdf, normalQuantile, normalTail } from "./normal.ts";
export { createRandom, type Random } from "./random.ts";
// One sample against a window of its own past.
export { median, medianAbsoluteDeviation, robustScore } from "./robust-score.ts";
export { readSnapshot, type SnapshotReader, writeSnapshot } from "./snapshot.ts";
