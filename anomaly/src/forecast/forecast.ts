/** What a forecast says: for each step ahead the expected value and the interval that should hold the true one. */
export interface Forecast {
  /** One value per step: the first is the next sample. In the unit of the series. */
  readonly mean: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** Probability that one step's true value lies between lower and upper, 0 to 1. */
  readonly level: number;
}
