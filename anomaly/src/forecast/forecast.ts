/** What every forecaster of the library returns. */

/** One entry per step ahead, the first is the next sample; all in the unit of the series. */
export interface Forecast {
  readonly mean: Float64Array;
  /** The value lies between `lower` and `upper` with probability `level`, each step by itself. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly level: number;
}
