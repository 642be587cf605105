/**
 * Anomaly detection on typed arrays: streaming and batch, pure, a library of its own.
 *
 * It begins with the robust score, by which one sample is judged against a window of its own past.
 */
export { median, medianAbsoluteDeviation, robustScore } from "./robust-score.ts";
