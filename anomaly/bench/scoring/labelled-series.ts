/** One series with its labels, as a benchmark reads it. */

export interface LabelledSeries {
  readonly name: string;
  readonly values: Float64Array;
  /** 1 where the sample belongs to an anomaly. */
  readonly labels: Uint8Array;
  /** So many first samples may be learned before anything is scored, where a protocol says so. */
  readonly prefix: number;
}
