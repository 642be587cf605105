/** What any forecast has to beat: the last value, and the value of the same time yesterday. */
import { normalQuantile } from "../../src/index.ts";
import type { Forecaster, Method } from "./rolling.ts";

export const naive: Method = (known) => lastSeason(known, 1);
export const seasonalNaive: Method = (known, day) => lastSeason(known, known.length > 2 * day ? day : 1);

/** Intervals are those of a random walk of seasons (R. Hyndman and G. Athanasopoulos, Forecasting: Principles and Practice, table 5.2). */
function lastSeason(known: Float64Array, season: number): Forecaster {
  let squares = 0;
  for (let time = season; time < known.length; time++) squares += ((known[time] as number) - (known[time - season] as number)) ** 2;
  const deviation = Math.sqrt(squares / Math.max(known.length - season, 1));
  const last = known.slice(-season);
  let next = 0;
  return {
    update(value) {
      last[next] = value;
      next = (next + 1) % season;
    },
    forecast(steps, level) {
      const width = normalQuantile((1 + level) / 2) * deviation;
      const mean = Float64Array.from({ length: steps }, (_, step) => last[(next + step) % season] as number);
      const half = mean.map((_, step) => width * Math.sqrt(Math.floor(step / season) + 1));
      return { mean, lower: mean.map((each, step) => each - (half[step] as number)), upper: mean.map((each, step) => each + (half[step] as number)), level };
    },
  };
}
